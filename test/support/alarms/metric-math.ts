/** Value of a metric or an expression in one period; `undefined` if it has no data. */
export type Value = number | undefined;

const TOKEN = /\s*(>=|<=|[-+*/(),<>]|\d+(?:\.\d+)?|[A-Za-z_]\w*)/y;

/**
 * Evaluates an expression of CloudWatch metric math for one period. A term without data makes the result
 * one without data, unless it is an argument of FILL. A division by zero has no data.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function evaluateMath(text: string, valueById: (id: string) => Value): Value {
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

  function binary(operators: readonly string[], operand: () => Value): () => Value {
    return () => {
      let left = operand();
      while (operators.includes(tokens[next] ?? '')) {
        const operator = take();
        const right = operand();
        left = left === undefined || right === undefined ? undefined : apply(operator, left, right);
      }
      return left;
    };
  }

  function term(): Value {
    const token = take();
    if (token === '(') {
      const value = comparison();
      take(')');
      return value;
    }
    if (/^\d/.test(token)) return Number(token);
    return tokens[next] === '(' ? call(token) : valueById(token);
  }

  function call(name: string): Value {
    take('(');
    const values: Value[] = [comparison()];
    while (tokens[next] === ',') {
      take(',');
      values.push(comparison());
    }
    take(')');
    const [first, second, third] = values;
    if (name === 'FILL') return first ?? second;
    if (name === 'IF') return first === undefined ? undefined : first !== 0 ? second : third;
    throw new Error(`${text}: the function ${name} is not supported`);
  }

  const product = binary(['*', '/'], term);
  const sum = binary(['+', '-'], product);
  const comparison = binary(['<', '>', '<=', '>='], sum);
  const result = comparison();
  if (next < tokens.length) throw new Error(`${text}: unexpected ${tokens[next]}`);
  return result;
}

const tokenized = new Map<string, readonly string[]>();

function tokenize(text: string): readonly string[] {
  const known = tokenized.get(text);
  if (known) return known;
  const tokens: string[] = [];
  const pattern = new RegExp(TOKEN);
  while (pattern.lastIndex < text.trimEnd().length) {
    const match = pattern.exec(text);
    if (match?.[1] === undefined) throw new Error(`${text} cannot be read`);
    tokens.push(match[1]);
  }
  tokenized.set(text, tokens);
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
