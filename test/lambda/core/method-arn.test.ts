import { everyMethodOfStage, matchedMethod } from '../../../lambda/core/method-arn';
import { faultWith, thrownBy } from '../../support/faults';

const STAGE = 'arn:aws:execute-api:eu-central-1:123456789012:api/prod';

describe('everyMethodOfStage', () => {
  it.each([
    ['a path', `${STAGE}/GET/orders/1`],
    ['no path', `${STAGE}/GET/`],
    ['a path with colons', `${STAGE}/GET/orders/urn:a:b:execute-api:c/d`],
    ['a path with asterisks and dollars', `${STAGE}/GET/*/$1/{x}`],
    ['a path with slashes at the end', `${STAGE}/POST/orders//`],
  ])('covers the stage for %s', (_, arn) => {
    expect(everyMethodOfStage(arn)).toEqual([`${STAGE}/*`]);
  });

  it.each(['aws-cn', 'aws-us-gov', 'aws-iso'])('keeps the partition %s', (partition) => {
    expect(everyMethodOfStage(`arn:${partition}:execute-api:r:1:api/v1/GET/x`)).toEqual([
      `arn:${partition}:execute-api:r:1:api/v1/*`,
    ]);
  });

  it.each([
    '',
    'arn:aws:lambda:eu-central-1:123456789012:function:f',
    'arn:aws:execute-api:eu-central-1:123456789012:api',
    'arn:aws:execute-api:eu-central-1:123456789012:api/prod',
    'arn:aws:execute-api:eu-central-1:api/prod/GET/x',
    `x${STAGE}/GET/`,
  ])('is a fault for %j', (arn) => {
    expect(thrownBy(() => everyMethodOfStage(arn))).toEqual(faultWith('method_arn_invalid'));
  });

  it('never quotes what is not an ARN', () => {
    expect(String(thrownBy(() => everyMethodOfStage('Bearer abc')))).not.toContain('abc');
  });
});

describe('matchedMethod', () => {
  it.each([
    ['GET', '/', `${STAGE}/GET/`],
    ['GET', '/orders/{id}', `${STAGE}/GET/orders/*`],
    ['GET', '/orders/{id}/items/{item}', `${STAGE}/GET/orders/*/items/*`],
    ['DELETE', '/{proxy+}', `${STAGE}/DELETE/*`],
  ])('covers %s %s alone', (method, path, resource) => {
    expect(matchedMethod(`${STAGE}/${method}/x:y`, method, path)).toEqual([resource]);
  });

  it.each([
    ['POST', '/orders', `${STAGE}/POST/orders`],
    ['GET', '/orders/{id}/items', `${STAGE}/GET/orders/*/items`],
  ])('covers %s %s with and without a slash at its end', (method, path, resource) => {
    const covered = [resource, `${resource}/`];

    expect(matchedMethod(`${STAGE}/${method}/x`, method, path)).toEqual(covered);
    expect(matchedMethod(`${STAGE}/${method}/x/`, method, path)).toEqual(covered);
  });

  it('is a fault for what is not an ARN', () => {
    expect(thrownBy(() => matchedMethod('x', 'GET', '/'))).toEqual(faultWith('method_arn_invalid'));
  });
});
