import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseMoney } from '../../core/money.ts';
import { toNetSuiteAddress } from './addresses.ts';
import { tbaHeader } from './auth.ts';
import { planDocument } from './documents.ts';
import { netsuiteRefusal } from './errors.ts';
import { externalId } from './external-ids.ts';
import { permissions } from './role.ts';
import { netsuiteSettings } from './settings.ts';

const contracts =
  process.env['CROSSDOCK_CONTRACTS'] ??
  fileURLToPath(new URL('../../../../shared/contracts', import.meta.url));
const skip = existsSync(contracts)
  ? false
  : `The official contracts are not at ${contracts}; set CROSSDOCK_CONTRACTS.`;
const answer = (status: number, code: string, detail: string) => {
  const body = JSON.stringify({
    'o:errorDetails': [{ detail, 'o:errorCode': code, 'o:errorPath': 'entity' }],
  });
  return { status, headers: {}, bytes: Buffer.from(body), text: () => body, json: () => JSON.parse(body) };
};
const call = { write: true, now: new Date(0), about: 'the salesOrder' };

describe('NetSuite', () => {
  test('OAuth 1.0a signatures equal those that Oracle publishes', { skip }, () => {
    const { credentials: c, vectors } = JSON.parse(
      readFileSync(`${contracts}/netsuite/tba-golden-vectors.json`, 'utf8'),
    );
    for (const vector of vectors) {
      const header = tbaHeader(
        vector,
        {
          realm: c.accountId,
          consumerKey: c.consumerKey,
          consumerSecret: c.consumerSecret,
          tokenId: c.tokenId,
          tokenSecret: c.tokenSecret,
        },
        { nonce: c.nonce, timestamp: Number(c.timestamp) },
      );
      assert.ok(header.includes(`oauth_signature="${encodeURIComponent(vector.signature)}"`), header);
    }
  });

  test('the role asks only for permissions that exist', { skip }, () => {
    const known = readFileSync(`${contracts}/netsuite/oracle-upl/permissions.json`, 'utf8');
    for (const { permkey } of permissions) assert.ok(known.includes(permkey), permkey);
  });

  test('refusals become what the engine must do', () => {
    const action = (status: number, code: string, detail: string) =>
      netsuiteRefusal(answer(status, code, detail), call);
    assert.equal(
      action(429, 'CONCURRENCY_LIMIT_EXCEEDED', 'Concurrent request limit exceeded.')?.action,
      'wait',
    );
    assert.equal(action(500, 'UNEXPECTED_ERROR', 'An unexpected error occurred.')?.action, 'verify');
    assert.equal(action(401, 'INVALID_LOGIN', 'Invalid login attempt.')?.action, 'pause');
    assert.equal(action(400, 'USER_ERROR', 'This record already exists.'), undefined);
    assert.equal(
      action(400, 'USER_ERROR', 'Your current role does not have permission to perform this action.')?.code,
      'ROLE_LACKS_PERMISSION',
    );
    assert.equal(
      action(
        400,
        'USER_ERROR',
        'The transaction date you specified is not within the date range of your accounting period.',
      )?.code,
      'PERIOD_CLOSED',
    );
    assert.equal(
      action(400, 'USER_ERROR', 'This record has been locked by a user defined workflow.')?.action,
      'retry',
    );
    const mapped = action(
      400,
      'INVALID_CONTENT',
      'You have entered an Invalid Field Value 9 for the following field: entity.',
    );
    assert.deepEqual([mapped?.code, mapped?.field, mapped?.action], ['REFERENCE_INVALID', 'entity', 'park']);
    assert.ok((mapped?.nextSteps.length ?? 0) > 0);
  });

  test('external ids keep only what NetSuite allows and stay different', () => {
    assert.equal(externalId('XD-AMAZON-113-1'), 'XD-AMAZON-113-1');
    assert.notEqual(externalId('a.b'), externalId('a|b'));
    assert.match(externalId('ü/|'), /^[A-Za-z0-9_-]+$/);
  });

  test('states become two letters, territories countries, and lengths are cut by characters', () => {
    assert.equal(toNetSuiteAddress({ country: 'US', state: 'Texas' })['state'], 'TX');
    assert.deepEqual(toNetSuiteAddress({ country: 'US', state: 'PR', city: 'San Juan' })['country'], {
      id: 'PR',
    });
    assert.equal([...String(toNetSuiteAddress({ name: '🎂'.repeat(100) })['addressee'])].length, 83);
  });

  test('a plan names for each value of the request the draft value it carries', () => {
    const plan = planDocument(
      {
        kind: 'sales-order',
        externalId: 'XD-1',
        channelOrderId: '113',
        customerId: '7',
        date: '2026-11-20',
        currency: 'USD',
        reference: '113',
        custom: { orderId: '113' },
        orderStatus: 'B',
        lines: [
          {
            key: 'a',
            role: 'item',
            itemId: '5',
            quantity: 3,
            rate: '3.33333333',
            amount: parseMoney('10.00', 'USD'),
            custom: { lineId: 'a' },
          },
        ],
      },
      netsuiteSettings.parse({ accountId: '1234567' }),
      new Map([['USD', '1']]),
    );
    const body = plan.body as { item: { items: Record<string, unknown>[] }; custbody_mkt_order_id: string };
    assert.equal(body.item.items[0]!['amount'], 10);
    assert.equal(body.item.items[0]!['custcol_mkt_line_id'], 'a');
    assert.equal(body.custbody_mkt_order_id, '113');
    assert.equal(plan.from['item.items[0].amount'], 'lines[0].amount');
  });
});
