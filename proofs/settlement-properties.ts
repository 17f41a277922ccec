// settlement-properties: thousands of random settlements balance, tie to the deposit, survive repeats and kills, and all models agree.
import fc from 'fast-check';
import { OutcomeUnknownError } from '../src/core/errors.ts';
import { aSettlement, type ShortRow } from '../src/core/settlement.builder.ts';
import type { AccountingPeriod } from '../src/erp/books.ts';
import { makeClassifier } from '../src/ledger/classify.ts';
import { Gatherer } from '../src/ledger/gather.ts';
import { planSettlement } from '../src/ledger/plan.ts';
import type { SettlementPlan } from '../src/ledger/posting.ts';
import type { BookSettings } from '../src/ledger/settings.ts';
import { makeBook, type TestBook, testSettings } from '../test/setup/book.ts';
import { full, verdict } from './harness.ts';

const runs = full ? 20_000 : 2_000;
const classifier = makeClassifier('amazon', []);

const places = [
  ['USD', ['Amazon.com']],
  ['EUR', ['Amazon.de', 'Amazon.fr', 'Amazon.it']],
  ['JPY', ['Amazon.co.jp']],
  ['CAD', ['Amazon.ca', 'amazon.ca']],
] as const;
const day = fc
  .integer({ min: 0, max: 40 })
  .map((n) => new Date(Date.UTC(2026, 2, 10 + n, (n * 7) % 24)).toISOString());
const cents = (max: number) => fc.bigInt({ min: 1n, max: BigInt(max) });
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });

interface Order {
  readonly id: string;
  readonly rows: readonly ShortRow[];
  /** What the orders flow booked for it: account → amount. */
  readonly sale: Readonly<Record<string, bigint>>;
  readonly soldAs: 'invoice' | 'cash-sale' | 'undeposited' | 'sales-order' | 'missing';
}

const anOrder = (index: number, marketplaces: readonly string[]): fc.Arbitrary<Order> =>
  fc
    .record({
      posted: day,
      marketplace: fc.constantFrom(...marketplaces),
      items: fc.array(fc.record({ price: cents(20_000), tax: maybe(cents(900)), fee: maybe(cents(3_000)) }), {
        minLength: 1,
        maxLength: 3,
      }),
      remitted: fc.boolean(),
      shipping: maybe(cents(1_500)),
      wrap: maybe(cents(500)),
      promotion: maybe(cents(900)),
      hold: maybe(cents(400)),
      doubled: fc.boolean(),
      soldAs: fc.constantFrom(
        'invoice',
        'invoice',
        'invoice',
        'cash-sale',
        'undeposited',
        'sales-order',
        'missing',
      ),
      refund: maybe(
        fc.record({
          posted: day,
          share: fc.integer({ min: 1, max: 100 }),
          restocking: maybe(cents(300)),
          keepFee: fc.boolean(),
          type: fc.constantFrom('Refund', 'Chargeback Refund', 'A-to-z Guarantee Refund'),
        }),
      ),
      paidBefore: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    })
    .map(
      ({
        posted,
        marketplace,
        items,
        remitted,
        shipping,
        wrap,
        promotion,
        hold,
        doubled,
        soldAs,
        refund,
        paidBefore,
      }): Order => {
        const id = `11${index}-${String(1_000_000 + index)}-${String(2_000_000 + index)}`;
        const rows: ShortRow[] = [];
        const sale: Record<string, bigint> = {};
        const add = (account: string, minor: bigint) => {
          sale[account] = (sale[account] ?? 0n) + minor;
        };
        const push = (
          type: string,
          amountType: string,
          description: string,
          minor: bigint,
          item: number,
          at = posted,
        ) =>
          rows.push({
            posted: at,
            order: id,
            type,
            amountType,
            description,
            minor,
            marketplace,
            sku: `S${item}`,
            itemCode: `${id}-${item}`,
            quantity: 1,
          });
        items.forEach(({ price, tax, fee }, item) => {
          const units = doubled && item === 0 ? 2 : 1;
          for (let unit = 0; unit < units; unit++) {
            push('Order', 'ItemPrice', 'Principal', price, item);
            add('sales', price);
            if (tax) {
              push('Order', 'ItemPrice', 'Tax', tax, item);
              if (remitted)
                push('Order', 'ItemWithheldTax', 'MarketplaceFacilitatorTax-Principal', -tax, item);
              else add('sales-tax-payable', tax);
            }
            if (fee) push('Order', 'ItemFees', 'Commission', -fee, item);
          }
        });
        if (shipping) {
          push('Order', 'ItemPrice', 'Shipping', shipping, 0);
          add('shipping-income', shipping);
        }
        if (wrap) {
          push('Order', 'ItemPrice', 'GiftWrap', wrap, 0);
          add('gift-wrap-income', wrap);
        }
        // A promotion never makes an order's money negative.
        const cut = promotion && promotion < items[0]!.price ? promotion : undefined;
        if (cut) {
          push('Order', 'Promotion', 'Principal', -cut, 0);
          add('discounts', -cut);
        }
        if (hold) push('Order', 'ItemFees', 'ShippingHB', -hold, 0);
        if (refund) {
          const back = (items[0]!.price * BigInt(refund.share)) / 100n || 1n;
          push(refund.type, 'ItemPrice', 'Principal', -back, 0, refund.posted);
          if (refund.restocking && refund.restocking < back)
            push(refund.type, 'ItemPrice', 'RestockingFee', refund.restocking, 0, refund.posted);
          if (items[0]!.tax) {
            push(refund.type, 'ItemPrice', 'Tax', -1n, 0, refund.posted);
            if (remitted)
              push(
                refund.type,
                'ItemWithheldTax',
                'MarketplaceFacilitatorTax-Principal',
                1n,
                0,
                refund.posted,
              );
          }
          if (!refund.keepFee && items[0]!.fee) {
            push(refund.type, 'ItemFees', 'Commission', items[0]!.fee, 0, refund.posted);
            push(refund.type, 'ItemFees', 'RefundCommission', -1n, 0, refund.posted);
          }
        }
        // Some refunds arrive for orders that were settled long ago, or come before their order's own rows.
        return paidBefore
          ? { id, rows: rows.filter((row) => row.type !== 'Order'), sale, soldAs: 'invoice' }
          : { id, rows, sale, soldAs };
      },
    );

const others: readonly (readonly [string, string, string])[] = [
  ['other-transaction', 'other-transaction', 'Storage Fee'],
  ['other-transaction', 'other-transaction', 'Subscription Fee'],
  ['ServiceFee', 'Cost of Advertising', 'TransactionTotalAmount'],
  ['other-transaction', 'FBA Inventory Reimbursement', 'WAREHOUSE_LOST'],
  ['other-transaction', 'FBA Inventory Reimbursement', 'COMPENSATED_CLAWBACK'],
  ['FBAFees', 'FBA Inventory Storage Fee', 'Base fee'],
  ['AmazonFees', 'Vine Enrollment Fee', 'Discount on fee'],
  ['other-transaction', 'other-transaction', 'Previous Reserve Amount Balance'],
  ['other-transaction', 'other-transaction', 'Current Reserve Amount'],
  ['other-transaction', 'other-transaction', 'Payable to Amazon'],
  ['other-transaction', 'other-transaction', 'Successful charge'],
  ['other-transaction', 'other-transaction', 'Amazon Capital Services'],
  ['Order_Retrocharge', 'ItemPrice', 'Tax'],
  ['Order', 'Points', 'PointsGranted'],
];

interface Case {
  readonly orders: readonly Order[];
  readonly others: readonly ShortRow[];
  readonly currency: string;
  readonly deposit: string;
  readonly settings: { splitMonths: boolean; undeposited: boolean; journalLinesMax: number };
  readonly closed: readonly number[];
  readonly killAfter: number;
  readonly lose: number;
  readonly order: number;
}

const aCase: fc.Arbitrary<Case> = fc.constantFrom(...places).chain(([currency, marketplaces]) =>
  fc.record({
    currency: fc.constant(currency),
    orders: fc
      .integer({ min: 0, max: 6 })
      .chain((count) =>
        fc.tuple(...Array.from({ length: count }, (_, index) => anOrder(index, marketplaces))),
      ),
    others: fc.array(
      fc
        .record({
          words: fc.constantFrom(...others),
          posted: day,
          minor: fc.bigInt({ min: -60_000n, max: 20_000n }).filter((minor) => minor !== 0n),
          marketplace: fc.constantFrom('', ...marketplaces),
        })
        .map(
          ({ words: [type, amountType, description], posted, minor, marketplace }): ShortRow => ({
            posted,
            type,
            amountType,
            description,
            minor,
            marketplace,
          }),
        ),
      { maxLength: 8 },
    ),
    deposit: fc.constantFrom('2026-04-20', '2026-04-30', '2026-05-02'),
    settings: fc.record({
      splitMonths: fc.boolean(),
      undeposited: fc.boolean(),
      journalLinesMax: fc.constantFrom(3, 5, 900),
    }),
    closed: fc.subarray([2, 3]),
    killAfter: fc.integer({ min: 0, max: 12 }),
    lose: fc.integer({ min: 0, max: 3 }),
    order: fc.integer({ min: 0, max: 1_000 }),
  }),
);

/** Rows of all orders and others in a drawn order: files are not sorted. */
function shuffled(rows: readonly ShortRow[], seed: number): ShortRow[] {
  return rows
    .map((row, index) => ({ row, place: ((index + 1) * 7919 + seed * 104_729) % 10_007 }))
    .sort((a, b) => a.place - b.place)
    .map(({ row }) => row);
}

const periodsOf = (closed: readonly number[]): AccountingPeriod[] =>
  [2, 3, 4, 5].map((month) => ({
    id: String(month),
    name: `2026-${month + 1}`,
    startOn: new Date(Date.UTC(2026, month, 1)).toISOString().slice(0, 10),
    endOn: new Date(Date.UTC(2026, month + 1, 0)).toISOString().slice(0, 10),
    closed: closed.includes(month),
    receivableLocked: false,
  }));

function sell(book: TestBook, { orders, currency }: Case, ids?: ReadonlySet<string>): void {
  for (const { id, sale, soldAs } of orders) {
    if (ids ? !ids.has(id) : soldAs === 'missing') continue;
    const as =
      soldAs === 'undeposited' || soldAs === 'cash-sale'
        ? 'cash-sale'
        : soldAs === 'sales-order'
          ? 'sales-order'
          : 'invoice';
    book.sell(id, sale, {
      as,
      currency,
      date: '2026-05-01',
      ...(soldAs === 'cash-sale' ? { account: 'clearing' } : {}),
    });
  }
}

async function plan(
  book: TestBook,
  one: Case,
  settings: BookSettings,
  settlement: ReturnType<typeof aSettlement>,
  sought: readonly string[] = [],
): Promise<SettlementPlan> {
  const gatherer = new Gatherer(settlement.header, settings, classifier);
  gatherer.add(settlement.batch);
  return planSettlement(
    gatherer.finish(),
    settings,
    {
      orders: await book.orders(one.orders.map(({ id }) => id)),
      periods: periodsOf(one.closed),
      booked: new Map(book.documents().map((document) => [document.externalId, document.kind])),
      sought: new Set(sought),
      refundsBooked: [],
    },
    classifier,
  );
}

/** Writes a plan as the flow does: in order, a lost answer is looked up and then tried again. */
async function post(
  book: TestBook,
  { postings }: SettlementPlan,
  stopAfter = Number.POSITIVE_INFINITY,
): Promise<void> {
  let written = 0;
  for (const posting of postings)
    for (const draft of posting.drafts) {
      if (written++ >= stopAfter) return;
      for (;;)
        try {
          await book.createOnce(draft);
          break;
        } catch (error) {
          if (!(error instanceof OutcomeUnknownError)) throw error;
          if (await book.findFresh(draft.kind, draft.externalId)) break;
        }
    }
}

const same = (a: unknown, b: unknown, what: string): void => {
  const text = (value: unknown) =>
    JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === 'bigint'
        ? `${inner}`
        : inner && typeof inner === 'object' && !Array.isArray(inner)
          ? Object.fromEntries(Object.entries(inner).sort(([x], [y]) => (x < y ? -1 : 1)))
          : inner,
    );
  if (text(a) !== text(b)) throw new Error(`${what}: ${text(a)} instead of ${text(b)}`);
};

const tally = {
  settlements: 0,
  rows: 0,
  documents: 0,
  negative: 0,
  killed: 0,
  waited: 0,
  moved: 0,
  cut: 0,
  spread: 0,
};

async function holds(one: Case): Promise<void> {
  const short = shuffled([...one.orders.flatMap((order) => order.rows), ...one.others], one.order);
  const settlement = aSettlement(short, {
    currency: one.currency,
    start: '2026-03-10',
    end: '2026-04-19',
    deposit: one.deposit,
  });
  const total = settlement.header.total.minor;
  tally.settlements++;
  tally.rows += short.length;
  if (total < 0n) tally.negative++;
  const results: Record<string, Record<string, bigint>> = {};
  for (const model of ['orders', 'fees-on-orders', 'summary'] as const) {
    const settings = testSettings({
      model,
      ...one.settings,
      undeposited: model === 'orders' && one.settings.undeposited,
    });
    const book = makeBook();
    book.periodsAre(periodsOf(one.closed));
    if (model !== 'summary') sell(book, one);
    const first = await plan(book, one, settings, settlement);
    same(first.blockers, [], 'blockers');
    // Every row is in exactly one posting and Σ postings = deposit.
    const groups = first.postings.flatMap((posting) => posting.groups);
    same(new Set(groups).size, groups.length, 'a group in two postings');
    same(
      first.postings.reduce((sum, posting) => sum + posting.rows, 0),
      short.length,
      'rows in postings',
    );
    same(
      first.postings.reduce((sum, posting) => sum + posting.minor, 0n),
      0n,
      'postings and deposit',
    );
    for (const posting of first.postings) {
      if (posting.belongsTo) tally.moved++;
      for (const draft of posting.drafts)
        if (draft.kind === 'journal' && draft.lines.length > settings.journalLinesMax)
          throw new Error('A journal is too long.');
    }
    if (first.postings.filter((posting) => posting.kind === 'journal').length > 4) tally.cut++;
    // A plan is the same when it is made again.
    same(await plan(book, one, settings, settlement), first, 'second planning');

    book.loseAnswers(one.lose, one.order % 2 ? 'before' : 'after');
    await post(book, first, one.killAfter);
    if (first.postings.flatMap((posting) => posting.drafts).length > one.killAfter) tally.killed++;
    await post(book, await plan(book, one, settings, settlement));
    // Orders that were missing arrive; what waited goes on.
    const missing = new Set(first.wanted);
    if (missing.size > 0) {
      tally.waited++;
      const waiting = first.postings
        .filter((posting) => posting.state !== 'ready')
        .reduce((sum, posting) => sum + posting.minor, 0n);
      const open = await plan(book, one, settings, settlement, [...missing]);
      if (open.postings.some((posting) => posting.state === 'waiting'))
        throw new Error('A sought order still waits.');
      if (total >= 0n || waiting !== 0n)
        same(book.balances()['clearing'] ?? 0n, -waiting, 'clearing while orders are missing');
      sell(book, one, missing);
      await post(book, await plan(book, one, settings, settlement));
    }
    const balances = book.balances();
    same(balances['clearing'] ?? 0n, 0n, `${model}: clearing`);
    same(balances['undeposited'] ?? 0n, 0n, `${model}: undeposited`);
    const bank = (balances['bank'] ?? 0n) - (total > 0n ? total : 0n);
    same(bank, 0n, `${model}: bank`);
    // Posting again changes nothing.
    const count = book.documents().length;
    await post(book, await plan(book, one, settings, settlement));
    same(book.documents().length, count, `${model}: documents after posting again`);
    same(book.balances(), balances, `${model}: balances after posting again`);
    tally.documents += count;
    // Orders paid in another settlement: their sale is in the books of the order models only.
    for (const order of one.orders)
      if (!order.rows.some((row) => row.type === 'Order')) if (model !== 'summary') unsell(balances, order);
    results[model] = Object.fromEntries(
      Object.entries(balances)
        .filter(([name, minor]) => minor !== 0n && name !== 'receivable')
        .sort(),
    );
  }
  same(results['orders'], results['summary'], 'model orders against summary');
  same(results['fees-on-orders'], results['summary'], 'model fees-on-orders against summary');
}

function unsell(balances: Record<string, bigint>, { sale }: Order): void {
  for (const [account, minor] of Object.entries(sale)) balances[account] = (balances[account] ?? 0n) + minor;
}

const startedAt = performance.now();
const failures: string[] = [];
const outcome = await fc.check(fc.asyncProperty(aCase, holds), {
  numRuns: runs,
  seed: full ? Date.now() % 2 ** 31 : 20_260_401,
  endOnFailure: false,
});
if (outcome.failed)
  failures.push(
    `${outcome.errorInstance instanceof Error ? outcome.errorInstance.message : 'failed'} (seed ${outcome.seed}, path ${outcome.counterexamplePath}): ${fc.stringify(outcome.counterexample).slice(0, 3000)}`,
  );
console.log(
  `${tally.settlements} settlements in three models, ${tally.rows} rows, ${tally.documents} documents written`,
);
console.log(
  `${tally.negative} with a negative total, ${tally.killed} kills half-way, ${tally.waited} times an order came late, ${tally.moved} postings moved out of closed periods, ${tally.cut} journals cut`,
);
console.log(`${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
verdict('settlement-properties', failures);
