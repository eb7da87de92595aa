/** Value of a metric or an expression in one period; `undefined` if it has no data. */
export type Value = number | undefined;

const TOKEN = /\s*(>=|<=|[-+*/(),<>]|\d+(?:\.\d+)?|[A-Za-z_]\w*)/y;

/** Expression of metric math with a function that gives the value of a metric by its ID. */
export type Expression = (valueById: (id: string) => Value) => Value;

/**
 * Parses an expression of CloudWatch metric math, which can be evaluated for each period. A term without data makes
 * the result one without data, unless it is an argument of FILL. A division by zero has no data.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function parseMath(text: string): Expression {
  const tokens = tokenize(text);
  let next = 0;

  function take(expected?: string): string {
    const token = tokens[next];
    if (token === undefined || (expected !== undefined && token !== expected)) {
      throw new Error(`${text}: expected ${expected ?? 'a term'}, got: ${token}`);
    }
    next += 1;
    return token;
  }

  function binary(operators: readonly string[], operand: () => Expression): () => Expression {
    return () => {
      let left = operand();
      while (operators.includes(tokens[next] ?? '')) left = operation(take(), left, operand());
      return left;
    };
  }

  function term(): Expression {
    const token = take();
    if (token === '(') {
      const expression = comparison();
      take(')');
      return expression;
    }
    if (/^\d/.test(token)) {
      const number = Number(token);
      return () => number;
    }
    return tokens[next] === '(' ? call(token) : (valueById) => valueById(token);
  }

  function call(name: string): Expression {
    take('(');
    const values: Expression[] = [comparison()];
    while (tokens[next] === ',') {
      take(',');
      values.push(comparison());
    }
    take(')');
    const [first = NO_DATA, second = NO_DATA, third = NO_DATA] = values;
    if (name === 'FILL') return (valueById) => first(valueById) ?? second(valueById);
    if (name === 'IF') {
      return (valueById) => {
        const condition = first(valueById);
        if (condition === undefined) return undefined;
        return condition !== 0 ? second(valueById) : third(valueById);
      };
    }
    throw new Error(`${text}: the function ${name} is not supported`);
  }

  const product = binary(['*', '/'], term);
  const sum = binary(['+', '-'], product);
  const comparison = binary(['<', '>', '<=', '>='], sum);
  const expression = comparison();
  if (next < tokens.length) throw new Error(`${text}: unexpected ${tokens[next]}`);
  return expression;
}

const NO_DATA: Expression = () => undefined;

function operation(operator: string, left: Expression, right: Expression): Expression {
  return (valueById) => {
    const [one, other] = [left(valueById), right(valueById)];
    return one === undefined || other === undefined ? undefined : apply(operator, one, other);
  };
}

function tokenize(text: string): readonly string[] {
  const tokens: string[] = [];
  const pattern = new RegExp(TOKEN);
  while (pattern.lastIndex < text.trimEnd().length) {
    const match = pattern.exec(text);
    if (match?.[1] === undefined) throw new Error(`${text} cannot be read`);
    tokens.push(match[1]);
  }
  return tokens;
}

function apply(operator: string, left: number, right: number): Value {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? undefined : left / right;
    case '<':
      return Number(left < right);
    case '>':
      return Number(left > right);
    case '<=':
      return Number(left <= right);
    default:
      return Number(left >= right);
  }
}
