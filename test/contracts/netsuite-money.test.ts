// Does money in the simulated NetSuite behave like money? Payments, credits, refunds, journals and deposits through a client
// that others wrote, judged by the books of the account.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { recordFields } from '../../sim/netsuite/fields.ts';
import { type RunningNetSuite, startNetSuite } from '../../sim/netsuite/server.ts';

interface RestAnswer {
  readonly statusCode: number;
  readonly rawHeaders: readonly string[];
  readonly data: Record<string, unknown> | null;
}
const NetsuiteRest = createRequire(import.meta.url)('netsuite-rest') as new (
  options: Record<string, string>,
) => { request(options: { path: string; method?: string; body?: string }): Promise<RestAnswer> };

let netsuite: RunningNetSuite;
let ids: Record<string, Record<string, string>>;
let serial = 0;

const send = (method: string, path: string, body?: object) => {
  const { tba } = netsuite.world;
  return new NetsuiteRest({
    consumer_key: tba.consumerKey,
    consumer_secret_key: tba.consumerSecret,
    token: tba.tokenId,
    token_secret: tba.tokenSecret,
    realm: 'SIM1234567',
    base_url: netsuite.url,
  }).request({ path: `record/v1/${path}`, method, ...(body ? { body: JSON.stringify(body) } : {}) });
};
const create = async (path: string, body: object): Promise<string> => {
  const answer = await send('POST', path, body);
  assert.equal(answer.statusCode, 204);
  const at = answer.rawHeaders.findIndex((name) => name.toLowerCase() === 'location');
  return answer.rawHeaders[at + 1]!.split('/').at(-1)!;
};
const refused = async (path: string, body: object, reason: RegExp): Promise<void> => {
  await assert.rejects(send('POST', path, body), (error: { response?: { body: unknown } }) => {
    assert.match(String(error.response?.body), reason);
    return true;
  });
};
const id = (kind: string, name: string) => {
  const found = ids[kind]?.[name];
  assert.ok(found, `${kind} ${name}`);
  return { id: found };
};
const control = async <T>(path: string, body?: object): Promise<T> =>
  (await (
    await fetch(`${netsuite.url}/_sim/${path}`, body ? { method: 'POST', body: JSON.stringify(body) } : {})
  ).json()) as T;

/** Balances by account name; all of them always sum to zero. */
async function balances(query = ''): Promise<Record<string, string>> {
  const { accounts } = await control<{ accounts: { name: string; balance: string }[] }>(
    `trial-balance${query}`,
  );
  assert.equal(
    accounts.reduce((sum, { balance }) => sum + Math.round(Number(balance) * 100), 0),
    0,
  );
  return Object.fromEntries(accounts.map(({ name, balance }) => [name, balance]));
}
const moved = async (work: () => Promise<unknown>): Promise<Record<string, string>> => {
  const start = await balances();
  await work();
  const end = await balances();
  return Object.fromEntries(
    Object.entries(end)
      .map(([name, value]) => [name, (Number(value) - Number(start[name] ?? 0)).toFixed(2)] as const)
      .filter(([, value]) => Number(value) !== 0),
  );
};

const customer = () => id('customers', 'Amazon.com Marketplace');
const invoice = (amount: number, more: object = {}) =>
  create('invoice', {
    externalId: `INV-${++serial}`,
    entity: customer(),
    item: {
      items: [
        { item: id('items', 'Amazon Shipping'), quantity: 1, price: { id: '-1' }, rate: amount, amount },
      ],
    },
    ...more,
  });
const credit = (amount: number, more: object = {}) =>
  create('creditMemo', {
    externalId: `CM-${++serial}`,
    entity: customer(),
    item: {
      items: [{ item: id('items', 'Amazon Refund'), quantity: 1, price: { id: '-1' }, rate: amount, amount }],
    },
    ...more,
  });
const line = (account: string, debit: number, creditAmount: number) => ({
  account: id('accounts', account),
  ...(debit ? { debit } : {}),
  ...(creditAmount ? { credit: creditAmount } : {}),
});
const journal = (lines: object[], more: object = {}) => ({
  externalId: `JE-${++serial}`,
  subsidiary: id('subsidiaries', 'US'),
  currency: { id: '1' },
  line: { items: lines },
  ...more,
});

before(async () => {
  netsuite = await startNetSuite({ seed: 1 });
  ids = await control('directory');
});
after(() => netsuite.close());

describe('money in the simulated NetSuite', () => {
  test('a payment moves an invoice from the receivable to clearing, and cannot exceed what is due', async () => {
    const document = await invoice(30);
    const payment = (amount: number) => ({
      externalId: `P-${++serial}`,
      customer: customer(),
      payment: amount,
      account: id('accounts', 'Amazon Clearing'),
      apply: { items: [{ doc: { id: document }, apply: true, amount }] },
    });
    assert.deepEqual(await moved(() => create('customerPayment', payment(20))), {
      'Amazon Clearing': '20.00',
      'Accounts Receivable': '-20.00',
    });
    assert.equal((await send('GET', `invoice/${document}`)).data?.['amountRemaining'], 10);
    await refused('customerPayment', payment(10.01), /exceeds the amount due/);
    const twice = payment(10);
    await create('customerPayment', twice);
    await refused('customerPayment', twice, /already exists/);
    await refused(
      'customerPayment',
      { ...payment(1), account: id('accounts', 'Amazon Clearing UK') },
      /currency|account/i,
    );
  });

  test('a credit memo is open until a refund pays it out, and not more than it is worth', async () => {
    const memo = await credit(12.34);
    assert.equal((await send('GET', `creditMemo/${memo}`)).data?.['unapplied'], 12.34);
    const refund = (amount: number) => ({
      externalId: `R-${++serial}`,
      customer: customer(),
      account: id('accounts', 'Amazon Clearing'),
      apply: { items: [{ doc: { id: memo }, apply: true, amount }] },
    });
    await refused('customerRefund', refund(12.35), /exceeds the credit/);
    assert.deepEqual(await moved(() => create('customerRefund', refund(12.34))), {
      'Amazon Clearing': '-12.34',
      'Accounts Receivable': '12.34',
    });
    const read = (await send('GET', `creditMemo/${memo}`)).data!;
    assert.deepEqual([read['unapplied'], (read['status'] as { id: string }).id], [0, 'B']);
    await refused('customerRefund', { ...refund(1), apply: { items: [] } }, /at least one credit/);
    await refused(
      'customerRefund',
      { ...refund(1), account: id('accounts', 'Sales') },
      /Invalid Field Value/,
    );
  });

  test('a credit memo may be applied to an invoice at once', async () => {
    const document = await invoice(10);
    const memo = await credit(4, { apply: { items: [{ doc: { id: document }, apply: true, amount: 4 }] } });
    assert.equal((await send('GET', `invoice/${document}`)).data?.['amountRemaining'], 6);
    assert.equal((await send('GET', `creditMemo/${memo}`)).data?.['unapplied'], 0);
  });

  test('a credit with units puts them back on the shelf, one without leaves stock alone', async () => {
    const stock = async () =>
      (await control<{ items: { locationName: string; onHand: number }[] }>('stock?item=CD-1040')).items.find(
        ({ locationName }) => locationName === 'Main Warehouse',
      )!.onHand;
    const start = await stock();
    const lineOf = (quantity: number) => ({
      location: id('locations', 'Main Warehouse'),
      item: { items: [{ item: id('items', 'CD-1040'), quantity, price: { id: '-1' }, amount: 5 }] },
    });
    await credit(5, lineOf(0));
    assert.equal(await stock(), start);
    await credit(5, lineOf(2));
    assert.equal(await stock(), start + 2);
  });

  test('a journal must balance, name customers on receivables, and stay below a thousand lines', async () => {
    assert.deepEqual(
      await moved(() =>
        create('journalEntry', journal([line('FBA Storage', 31.47, 0), line('Amazon Clearing', 0, 31.47)])),
      ),
      { 'Amazon Clearing': '-31.47', 'FBA Storage': '31.47' },
    );
    await refused(
      'journalEntry',
      journal([line('FBA Storage', 1, 0), line('Amazon Clearing', 0, 1.01)]),
      /must balance/,
    );
    await refused(
      'journalEntry',
      journal([line('FBA Storage', 1, 0), line('Accounts Receivable', 0, 1)]),
      /Name/,
    );
    await refused(
      'journalEntry',
      journal(
        Array.from({ length: 1_002 }, (_, at) =>
          at % 2 ? line('Amazon Clearing', 0, 1) : line('FBA Storage', 1, 0),
        ),
      ),
      /at most 1000 lines/,
    );
    await refused(
      'journalEntry',
      journal([line('FBA Storage', 1, 0), line('Amazon Clearing UK', 0, 1)]),
      /currency/,
    );
  });

  test('a journal waiting for approval does not post, and one with a reversal date comes back', async () => {
    const lines = [line('FBA Storage', 5, 0), line('Amazon Clearing', 0, 5)];
    assert.deepEqual(
      await moved(() => create('journalEntry', journal(lines, { approvalStatus: { id: '1' } }))),
      {},
    );
    const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
    assert.deepEqual(
      await moved(() => create('journalEntry', journal(lines, { tranDate: day(-6), reversalDate: day(-4) }))),
      {},
    );
    const before = await balances(`?to=${day(-5)}`);
    const after = await balances(`?to=${day(-4)}`);
    assert.equal((Number(before['FBA Storage']) - Number(after['FBA Storage'])).toFixed(2), '5.00');
  });

  test('a deposit takes clearing to the bank, and a payment in undeposited funds with it', async () => {
    const document = await invoice(8);
    const payment = await create('customerPayment', {
      externalId: `P-${++serial}`,
      customer: customer(),
      payment: 8,
      undepFunds: { id: 'true' },
      apply: { items: [{ doc: { id: document }, apply: true, amount: 8 }] },
    });
    const deposit = {
      externalId: `D-${++serial}`,
      account: id('accounts', 'Operating Bank'),
      currency: { id: '1' },
      payment: { items: [{ id: Number(payment), deposit: true }] },
      other: { items: [{ account: id('accounts', 'Amazon Clearing'), amount: 88.78 }] },
    };
    assert.deepEqual(await moved(() => create('deposit', deposit)), {
      'Operating Bank': '96.78',
      'Amazon Clearing': '-88.78',
      'Undeposited Funds': '-8.00',
    });
    await refused('deposit', { ...deposit, externalId: `D-${++serial}` }, /Invalid Field Value/);
  });

  test('a locked receivable refuses invoices and lets journals in; a closed period refuses all', async () => {
    const day = new Date(Date.now() - 150 * 86_400_000).toISOString().slice(0, 10);
    const late = { tranDate: day };
    const lines = [line('FBA Storage', 1, 0), line('Amazon Clearing', 0, 1)];
    await control('periods/close', { day, receivableOnly: true });
    await assert.rejects(invoice(1, late));
    await create('journalEntry', journal(lines, late));
    await control('periods/close', { day });
    await refused('journalEntry', journal(lines, late), /period/i);
    await control('periods/close', { day, closed: false });
    await invoice(1, late);
  });

  test('the books of a subsidiary are kept in its own currency', async () => {
    await create('invoice', {
      entity: id('customers', 'Amazon.co.uk Marketplace'),
      item: {
        items: [
          { item: id('items', 'Amazon Shipping'), quantity: 1, price: { id: '-1' }, rate: 10, amount: 10 },
        ],
      },
    });
    const uk = await balances(`?subsidiary=${ids['subsidiaries']!['UK']}`);
    assert.equal(uk['Accounts Receivable'], '10.00');
  });

  test('an order is billed for what has shipped', async () => {
    const order = await create('salesOrder', {
      entity: customer(),
      orderStatus: { id: 'B' },
      location: id('locations', 'Main Warehouse'),
      item: {
        items: [
          { item: id('items', 'CD-1050'), quantity: 3, price: { id: '-1' }, rate: 5, amount: 15 },
          { item: id('items', 'Amazon Shipping'), quantity: 1, price: { id: '-1' }, rate: 4, amount: 4 },
        ],
      },
    });
    await control('fulfil', { orderId: order, lines: [{ line: 1, quantity: 2 }] });
    const first = await create(`salesOrder/${order}/!transform/invoice`, { externalId: `SI-${++serial}` });
    assert.equal((await send('GET', `invoice/${first}`)).data?.['total'], 14);
    await control('fulfil', { orderId: order });
    const second = await create(`salesOrder/${order}/!transform/invoice`, {});
    assert.equal((await send('GET', `invoice/${second}`)).data?.['total'], 5);
  });

  test('a return at zero value brings units back and no money', async () => {
    const rma = await create('returnAuthorization', {
      externalId: `RMA-${++serial}`,
      entity: customer(),
      orderStatus: { id: 'B' },
      location: id('locations', 'Main Warehouse'),
      item: {
        items: [{ item: id('items', 'CD-1060'), quantity: 2, price: { id: '-1' }, rate: 0, amount: 0 }],
      },
    });
    const effect = await moved(() =>
      create(`returnAuthorization/${rma}/!transform/itemReceipt`, {
        externalId: `IR-${++serial}`,
        item: { items: [{ orderLine: 1, itemReceive: true, quantity: 2, restock: true }] },
      }),
    );
    assert.deepEqual(Object.keys(effect).sort(), ['Cost of Goods Sold', 'Inventory Asset']);
  });
});

const digest = fileURLToPath(
  new URL(
    '../../../shared/contracts/netsuite/rest-browser-facts/rest-browser-2026.1-fields.json',
    import.meta.url,
  ),
);
test('journal, deposit and credit memo have every field of the published digest', {
  skip: existsSync(digest) ? false : `The digest of Oracle's API browser is not at ${digest}.`,
}, () => {
  const published = JSON.parse(readFileSync(digest, 'utf8')) as Record<
    string,
    Record<string, object | string>
  >;
  const known = recordFields(true);
  for (const record of ['journalEntry', 'deposit', 'creditMemo'])
    for (const [part, fields] of Object.entries(published[record]!)) {
      if (typeof fields === 'string') continue;
      const own = known.get(record.toLowerCase())!.fields;
      const where = part === 'body' ? own : own.get(part.toLowerCase())?.lines;
      for (const field of Object.keys(fields))
        assert.ok(where?.has(field.toLowerCase()), `${record}.${part}.${field}`);
    }
});
