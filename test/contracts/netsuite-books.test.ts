// Can the NetSuite connector book money once, and read back what it did? Against the simulated account, whose books judge.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type RunningNetSuite, startNetSuite } from '../../sim/netsuite/server.ts';
import { makeClock } from '../../src/core/clock.ts';
import { type Money, parseMoney } from '../../src/core/money.ts';
import type { BookDraft, BookStore, JournalDraft } from '../../src/erp/books.ts';
import { inDocumentCurrency, minorOf } from '../../src/erp/netsuite/exact-amounts.ts';
import { netsuite } from '../../src/erp/netsuite/index.ts';
import type { NetSuiteBucket } from '../../src/erp/netsuite/limits.ts';
import { netsuiteSecrets, netsuiteSettings } from '../../src/erp/netsuite/settings.ts';
import { makeTools } from '../../src/http/send.ts';

let account: RunningNetSuite;
let books: BookStore;
let ids: Record<string, Record<string, string>>;
let serial = 0;

before(async () => {
  account = await startNetSuite({ seed: 1 });
  ids = (await (await fetch(`${account.url}/_sim/directory`)).json()) as typeof ids;
  const { tba } = account.world;
  const tools = makeTools<NetSuiteBucket>('contract', {
    clock: makeClock(),
    gate: {
      enter: async () => () => undefined,
      refused: async () => undefined,
      learn: async () => undefined,
    },
    record: () => undefined,
    tokens: {
      get: async (_id, _name, fetchToken) => (await fetchToken()).value,
      drop: async () => undefined,
    },
  });
  books = netsuite.open(
    netsuiteSettings.parse({
      accountId: 'SIM1234567',
      auth: 'tba',
      hostTemplate: account.url,
      timeZone: 'America/Los_Angeles',
    }),
    netsuiteSecrets.parse({
      consumerKey: tba.consumerKey,
      consumerSecret: tba.consumerSecret,
      tokenId: tba.tokenId,
      tokenSecret: tba.tokenSecret,
    }),
    tools,
  ).books!;
});
after(() => account.close());

const id = (kind: string, name: string): string => {
  const found = ids[kind]?.[name];
  assert.ok(found, `${kind} ${name}`);
  return found;
};
const usd = (text: string): Money => parseMoney(text, 'USD');
const today = () => new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Los_Angeles' }).format(new Date());
const base = (suffix: string) => ({
  externalId: `T-${suffix}-${++serial}`,
  date: today(),
  currency: 'USD',
  memo: 'test',
});
const customerId = () => id('customers', 'Amazon.com Marketplace');
const clearing = () => id('accounts', 'Amazon Clearing');

/** An invoice of an order, made as another tool would. */
async function invoiceOf(orderId: string, amount: number): Promise<string> {
  const { world } = account;
  const answer = await fetch(`${account.url}/_sim/roles`);
  assert.equal(answer.status, 200);
  const { createTransaction } = await import('../../sim/netsuite/records/create.ts');
  const role = [...world.roles.values()][0]!;
  const made = world.account.change(() =>
    createTransaction(
      world.account,
      'invoice',
      {
        entity: { id: customerId() },
        custbody_mkt_order_id: orderId,
        item: {
          items: [
            {
              item: { id: id('items', 'Amazon Shipping') },
              quantity: 1,
              price: { id: '-1' },
              amount,
              custcol_mkt_line_id: `${orderId}-1`,
            },
          ],
        },
      },
      role,
    ),
  );
  return String(made.id);
}

const journal = (text: string, more: Partial<JournalDraft> = {}): JournalDraft => ({
  ...base('JE'),
  kind: 'journal',
  subsidiaryId: id('subsidiaries', 'US'),
  lines: [
    { accountId: id('accounts', 'FBA Storage'), debit: usd(text), memo: 'storage' },
    { accountId: clearing(), credit: usd(text), memo: 'storage' },
  ],
  ...more,
});

/** Creates a draft twice; the second time nothing is made. Answers its effects by account name. */
async function bookTwice(draft: BookDraft): Promise<Record<string, bigint>> {
  const first = await books.createOnce(draft);
  assert.deepEqual([first.adopted, (await books.createOnce(draft)).adopted], [false, true]);
  const booked = (await books.find([draft])).get(draft.externalId)!;
  assert.equal(booked.id, first.id);
  assert.equal(
    booked.effects.reduce((sum, { minor }) => sum + minor, 0n),
    0n,
  );
  assert.deepEqual((await books.findFresh(draft.kind, draft.externalId))?.effects, booked.effects);
  const names = new Map(Object.entries(ids['accounts']!).map(([name, key]) => [key, name]));
  return Object.fromEntries(booked.effects.map(({ accountId, minor }) => [names.get(accountId)!, minor]));
}

describe('books in NetSuite', () => {
  test('a payment of an invoice goes to clearing, and the order shows it as paid', async () => {
    const invoice = await invoiceOf('111-1', 59.98);
    const before = (await books.orders(['111-1', '999-9'])).get('111-1')!;
    assert.equal(before.invoices[0]!.open.minor, 5998n);
    assert.deepEqual(before.invoices[0]!.lines[0], {
      key: '111-1-1',
      itemId: id('items', 'Amazon Shipping'),
      quantity: 1,
      amount: usd('59.98'),
    });
    assert.equal(before.invoices[0]!.accountId, id('accounts', 'Accounts Receivable'));
    const effects = await bookTwice({
      ...base('PAY'),
      kind: 'customer-payment',
      customerId: customerId(),
      accountId: clearing(),
      amount: usd('59.98'),
      apply: [{ document: { kind: 'invoice', id: invoice }, amount: usd('59.98') }],
    });
    assert.deepEqual(effects, { 'Amazon Clearing': 5998n, 'Accounts Receivable': -5998n });
    const paid = (await books.orders(['111-1'])).get('111-1')!.invoices[0]!;
    assert.equal(paid.open.minor, 0n);
  });

  test('a refund is a credit memo and its payment, referred to by external id', async () => {
    const memo = {
      ...base('CM'),
      kind: 'credit-memo' as const,
      customerId: customerId(),
      lines: [
        {
          key: 'a:refund',
          itemId: id('items', 'Amazon Refund'),
          quantity: 1,
          amount: usd('29.99'),
          description: 'Item price refunded',
        },
      ],
      total: usd('29.99'),
      apply: [],
    };
    assert.deepEqual(await bookTwice(memo), { 'Accounts Receivable': -2999n, 'Sales Returns': 2999n });
    assert.deepEqual(
      await bookTwice({
        ...base('RF'),
        kind: 'customer-refund',
        customerId: customerId(),
        accountId: clearing(),
        amount: usd('29.99'),
        apply: [{ document: { kind: 'credit-memo', externalId: memo.externalId }, amount: usd('29.99') }],
      }),
      { 'Amazon Clearing': -2999n, 'Accounts Receivable': 2999n },
    );
  });

  test('a journal of fees, a reversed accrual and a deposit have exactly their effects', async () => {
    assert.deepEqual(await bookTwice(journal('31.47')), { 'Amazon Clearing': -3147n, 'FBA Storage': 3147n });
    assert.deepEqual(
      await bookTwice({
        ...base('DEP'),
        kind: 'deposit',
        accountId: id('accounts', 'Operating Bank'),
        payments: [],
        lines: [{ accountId: clearing(), amount: usd('88.78'), memo: 'settlement' }],
        total: usd('88.78'),
      }),
      { 'Operating Bank': 8878n, 'Amazon Clearing': -8878n },
    );
    const accrual = journal('5.00', { reversalDate: '2027-01-01' });
    await books.createOnce(accrual);
    assert.equal((await books.find([accrual])).get(accrual.externalId)!.total.minor, 500n);
  });

  test('a payment into undeposited funds is gathered by the deposit', async () => {
    const invoice = await invoiceOf('111-2', 10);
    const payment = {
      ...base('PAY'),
      kind: 'customer-payment' as const,
      customerId: customerId(),
      amount: usd('10.00'),
      apply: [{ document: { kind: 'invoice' as const, id: invoice }, amount: usd('10.00') }],
    };
    await books.createOnce(payment);
    assert.deepEqual(
      await bookTwice({
        ...base('DEP'),
        kind: 'deposit',
        accountId: id('accounts', 'Operating Bank'),
        payments: [{ kind: 'customer-payment', externalId: payment.externalId }],
        lines: [{ accountId: clearing(), amount: usd('-2.00'), memo: 'fees' }],
        total: usd('8.00'),
      }),
      { 'Operating Bank': 800n, 'Undeposited Funds': -1000n, 'Amazon Clearing': 200n },
    );
  });

  test('fees are added to an invoice once, and only those that are missing', async () => {
    const invoice = await invoiceOf('111-3', 100);
    const fees = (count: number) => {
      const key = 'T-FEES-1';
      return {
        ...base('FEES'),
        externalId: key,
        kind: 'order-fees' as const,
        document: { kind: 'invoice' as const, id: invoice },
        lines: [
          {
            key: `${key}:fee.referral`,
            itemId: id('items', 'Amazon Referral Fee'),
            quantity: 1,
            amount: usd('-15.00'),
            description: 'Referral',
          },
          {
            key: `${key}:fee.fba`,
            itemId: id('items', 'Amazon Fulfilment Fee'),
            quantity: 1,
            amount: usd('-3.22'),
            description: 'FBA',
          },
        ].slice(0, count),
        total: usd('-18.22'),
      };
    };
    assert.equal((await books.createOnce(fees(1))).adopted, false);
    assert.equal((await books.createOnce(fees(2))).adopted, false);
    assert.equal((await books.createOnce(fees(2))).adopted, true);
    const booked = (await books.find([fees(2)])).get('T-FEES-1')!;
    assert.equal(booked.total.minor, -1822n);
    assert.equal((await books.orders(['111-3'])).get('111-3')!.invoices[0]!.open.minor, 8178n);
  });

  test('units come back at zero value and are received where they belong', async () => {
    const stock = async () =>
      (
        (await (await fetch(`${account.url}/_sim/stock?item=CD-1070`)).json()) as {
          items: { locationName: string; onHand: number }[];
        }
      ).items.find(({ locationName }) => locationName === 'Amazon FBA US')!.onHand;
    const start = await stock();
    const rma = {
      ...base('RA'),
      kind: 'return-authorisation' as const,
      customerId: customerId(),
      locationId: id('locations', 'Amazon FBA US'),
      lines: [
        {
          key: 'unit-1',
          itemId: id('items', 'CD-1070'),
          quantity: 2,
          amount: usd('0.00'),
          description: 'returned',
          locationId: id('locations', 'Amazon FBA US'),
        },
      ],
    };
    await books.createOnce(rma);
    const receipt = {
      ...base('IR'),
      kind: 'item-receipt' as const,
      authorisation: { kind: 'return-authorisation' as const, externalId: rma.externalId },
      lines: [
        {
          key: 'unit-1',
          itemId: id('items', 'CD-1070'),
          quantity: 2,
          locationId: id('locations', 'Amazon FBA US'),
          restock: true,
        },
      ],
    };
    assert.equal((await books.createOnce(receipt)).adopted, false);
    assert.equal((await books.createOnce(receipt)).adopted, true);
    assert.equal(await stock(), start + 2);
  });

  test('a lost answer is looked up, and the document is not made again', async () => {
    const draft = journal('1.23');
    await fetch(`${account.url}/_sim/faults`, {
      method: 'PUT',
      body: JSON.stringify({ rules: [{ operation: 'record.journalEntry.create', on: 1, do: '500-after' }] }),
    });
    await assert.rejects(books.createOnce(draft), { code: 'ANSWER_LOST' });
    await fetch(`${account.url}/_sim/faults`, { method: 'PUT', body: '{}' });
    assert.equal((await books.createOnce(draft)).adopted, true);
  });

  test('a closed period is refused in a sentence with a next step', async () => {
    await assert.rejects(books.createOnce(journal('1.00', { date: '2024-01-15' })), {
      code: 'PERIOD_CLOSED',
    });
  });

  test('the chart of accounts, the periods and the trial balance are read', async () => {
    const accounts = await books.accounts();
    const found = (name: string) => accounts.find((one) => one.name === name);
    assert.deepEqual(
      [found('Amazon Clearing UK')?.type, found('Amazon Clearing UK')?.currency],
      ['bank', 'GBP'],
    );
    assert.equal(found('FBA Storage')?.type, 'expense');
    const periods = await books.periods();
    const open = periods.find((one) => one.startOn <= today() && today() <= one.endOn)!;
    assert.deepEqual([open.closed, open.receivableLocked], [false, false]);
    assert.ok(periods.some((one) => one.closed));
    const subsidiaryId = id('subsidiaries', 'US');
    const balances = await books.trialBalance({ to: today(), subsidiaryId });
    assert.equal(
      balances.reduce((sum, one) => sum + one.minor, 0n),
      0n,
    );
    const truth = (await (
      await fetch(`${account.url}/_sim/trial-balance?subsidiary=${subsidiaryId}&to=${today()}`)
    ).json()) as { accounts: { id: string; balance: string }[] };
    for (const one of truth.accounts)
      assert.equal(
        balances.find(({ accountId }) => accountId === one.id)?.minor ?? 0n,
        minorOf(one.balance, 'USD'),
        one.id,
      );
    const [only] = await books.trialBalance({ to: today(), subsidiaryId, accountIds: [clearing()] });
    assert.equal(only?.accountId, clearing());
  });

  test('amounts of the books become amounts of the document by its rate', () => {
    assert.equal(inDocumentCurrency('12.70', { rate: '1.27', currency: 'GBP' }), 1000n);
    assert.equal(inDocumentCurrency('-30.0000000004', { rate: '1', currency: 'USD' }), -3000n);
    assert.equal(inDocumentCurrency('6.70', { rate: '0.0067', currency: 'JPY' }), 1000n);
  });
});
