// What must every ERP prove? The contract's promises, run by each ERP's own test against its simulator.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import {
  ConnectionError,
  OutcomeUnknownError,
  RecordError,
  ThrottledError,
  TransientError,
} from '../core/errors.ts';
import { parseMoney } from '../core/money.ts';
import { errorOf, type Watched, watchedTools } from '../http/tools.suite.ts';
import type { DocumentDraft, Erp, ErpSession } from './erp.ts';

export interface SimulatedErp {
  readonly settings: unknown;
  readonly secrets: Readonly<Record<string, string>>;
  readonly wrongSecrets: Readonly<Record<string, string>>;
  /** Ids of the account that a draft may point to. */
  readonly ids: {
    readonly customer: string;
    readonly subsidiary: string;
    readonly location: string;
    readonly warehouse: string;
  };
  /** Names of two plain items, one that is tracked by lot, and one that is not there. */
  readonly items: readonly [string, string, string, string];
  /** Strikes the next call of what the suite does next. */
  strike(fault: '429' | '500-before' | '500-after' | 'reset-after' | 'twice'): void;
  /** How many documents carry an external id, whatever their kind. */
  count(externalId: string): Promise<number>;
  close(): Promise<void>;
}

const headings = [
  'What is called and why',
  'Scopes and how to get them',
  'Quotas',
  'Quirks',
  'Where facts disagree',
];

export function erpSuite<Settings, Secrets, Bucket extends string>(
  erp: Erp<Settings, Secrets, Bucket>,
  folder: URL,
  start: () => Promise<SimulatedErp>,
): void {
  describe(`${erp.id} keeps the contract of an ERP`, () => {
    let sim: SimulatedErp;
    let watched: Watched<Bucket>;
    let session: ErpSession;
    const open = (secrets: object = sim.secrets) =>
      erp.open(erp.settings.parse(sim.settings), erp.secrets.parse(secrets), watched.tools);
    before(async () => {
      watched = watchedTools<Bucket>();
      sim = await start();
      session = open();
    });
    after(() => sim.close());

    let serial = 0;
    async function draft(wishes: Partial<DocumentDraft> = {}): Promise<DocumentDraft> {
      const order = `900-0000000-${String(++serial).padStart(7, '0')}`;
      const items = await session.items.byNames(sim.items);
      return {
        kind: 'sales-order',
        externalId: `XD-SUITE-${order}`,
        channelOrderId: order,
        customerId: sim.ids.customer,
        date: new Date().toISOString().slice(0, 10),
        currency: 'USD',
        subsidiaryId: sim.ids.subsidiary,
        locationId: sim.ids.location,
        reference: order,
        orderStatus: 'B',
        custom: { orderId: order, channel: 'suite' },
        lines: [0, 1].map((index) => ({
          key: `${order}-${index}`,
          role: 'item' as const,
          itemId: items.get(sim.items[index]!)!.id,
          quantity: 3,
          rate: '3.33333333',
          amount: parseMoney('10.00', 'USD'),
          locationId: sim.ids.location,
          custom: { lineId: `${order}-${index}` },
        })),
        ...wishes,
      };
    }

    test('the folder is named as the ERP, and its read-me answers the same five questions', () => {
      assert.ok(folder.pathname.endsWith(`/${erp.id}/`));
      const readme = new URL('README.md', folder);
      assert.ok(existsSync(readme), 'README.md is missing');
      for (const heading of headings)
        assert.match(readFileSync(readme, 'utf8'), new RegExp(`^## ${heading}$`, 'm'), heading);
    });

    test('empty settings are refused with a sentence for each field, unknown names too', () => {
      const { success, error } = erp.settings.safeParse({});
      assert.equal(success, false);
      for (const issue of error!.issues) assert.ok(issue.message.length > 5 && issue.path.length > 0);
      assert.equal(erp.settings.safeParse({ ...(sim.settings as object), nonsense: 1 }).success, false);
    });

    test('the connection test tells what the account can do', async () => {
      const report = await session.check();
      assert.ok(report.timeZone.includes('/') && report.concurrencyMax > 0);
      assert.ok(watched.sent.every(({ bucket }) => bucket === 'free' || bucket in erp.limits));
    });

    test('items are found many in one call; one that is not there is absent', async () => {
      const found = await session.items.byNames(sim.items);
      assert.equal(found.size, 3);
      assert.equal(found.get(sim.items[2])!.lotTracked, true);
      const byId = await session.items.byIds([found.get(sim.items[0])!.id]);
      assert.equal(byId.size, 1);
    });

    test('a document is written once and keeps its cents, however often it is asked for', async () => {
      const one = await draft();
      const first = await session.documents.create(one);
      assert.equal(first.adopted, false);
      const again = await session.documents.create(one);
      assert.deepEqual([again.id, again.adopted], [first.id, true]);
      assert.equal(await sim.count(one.externalId), 1);
      const { total, status, lines } = await session.documents.read('sales-order', first.id);
      assert.equal(total.minor, 2000n);
      assert.equal(status, 'pending-fulfilment');
      assert.deepEqual(
        lines.map((line) => line.channelLineId),
        one.lines.map((line) => line.key),
      );
    });

    test('the plan that is shown is the request that is sent', async () => {
      const one = await draft();
      const plan = await session.documents.plan(one);
      await session.documents.create(one);
      const request = watched.sent.findLast(
        (sent) => sent.method === plan.method && sent.url.endsWith(plan.path),
      );
      assert.deepEqual(request?.body, plan.body);
      for (const path of Object.values(plan.from)) assert.equal(typeof path, 'string');
    });

    test('a lost answer is looked up: the record shows what the query index may not yet', async () => {
      for (const fault of ['500-after', 'reset-after'] as const) {
        const one = await draft();
        sim.strike(fault);
        assert.ok((await errorOf(() => session.documents.create(one))) instanceof OutcomeUnknownError, fault);
        const found = await session.documents.findFresh('sales-order', one.externalId);
        assert.equal(found?.matchedBy, 'external-id');
        assert.equal(await sim.count(one.externalId), 1);
      }
    });

    test('a request that arrives twice makes one document', async () => {
      const one = await draft();
      sim.strike('twice');
      await session.documents.create(one);
      assert.equal(await sim.count(one.externalId), 1);
    });

    test('many documents are found in one query, by external id and by the channel’s order id', async () => {
      const ours = await draft();
      const others = await draft({ externalId: `OTHER-TOOL-${Date.now()}` });
      await session.documents.create(ours);
      await session.documents.create(others);
      const asked = watched.sent.length;
      const found = await session.documents.find([
        ours,
        { externalId: 'XD-NOT-THERE', channelOrderId: others.channelOrderId },
        { externalId: 'XD-NOWHERE', channelOrderId: '000' },
      ]);
      assert.equal(watched.sent.length - asked, 1);
      assert.equal(found.get(ours.externalId)?.matchedBy, 'external-id');
      assert.equal(found.get('XD-NOT-THERE')?.matchedBy, 'channel-order-id');
      assert.equal(found.size, 2);
    });

    test('lines are closed, changed and added by number; twice does no harm where it must not', async () => {
      const one = await draft();
      const { id } = await session.documents.create(one);
      await session.documents.closeLines(id, [2], { cancelled: true });
      await session.documents.closeLines(id, [2], { cancelled: true });
      await session.documents.amend('sales-order', id, {
        lines: [
          {
            line: 1,
            quantity: 2,
            rate: '3.5',
            amount: parseMoney('7.00', 'USD'),
            custom: { lineId: 'new-id' },
          },
        ],
      });
      const { lines } = await session.documents.read('sales-order', id);
      assert.deepEqual(
        lines.map((line) => [line.line, line.quantity, line.closed, line.channelLineId]),
        [
          [1, 2, false, 'new-id'],
          [2, 3, true, `${one.channelOrderId}-1`],
        ],
      );
    });

    test('a shipment and a bill are booked once, and a lost answer is taken over', async () => {
      const one = await draft();
      const { id } = await session.documents.create(one);
      const fulfilment = {
        externalId: `${one.externalId}-IF-1`,
        date: one.date,
        lines: [{ line: 1, quantity: 3 }],
        leaveOpen: [2],
        packages: [{ trackingNumber: 'TBA1' }],
      };
      sim.strike('500-after');
      assert.ok(
        (await errorOf(() => session.documents.fulfil(id, fulfilment))) instanceof OutcomeUnknownError,
      );
      const booked = await session.documents.fulfil(id, fulfilment);
      assert.equal((await session.documents.fulfil(id, fulfilment)).id, booked.id);
      assert.equal(await sim.count(fulfilment.externalId), 1);
      assert.equal(
        (await session.documents.read('sales-order', id)).status,
        'pending-billing-partially-fulfilled',
      );
      await session.documents.fulfil(id, {
        ...fulfilment,
        externalId: `${one.externalId}-IF-2`,
        lines: [{ line: 2, quantity: 3 }],
        leaveOpen: [],
      });
      const due = await session.documents.billable('pending-billing');
      assert.equal(due.find((order) => order.id === id)?.shippedOn, one.date);
      const bill = { kind: 'invoice' as const, externalId: `XD-BILL-${id}`, date: one.date };
      const billed = await session.documents.bill(id, bill);
      assert.equal((await session.documents.bill(id, bill)).id, billed.id);
      assert.equal(await sim.count(bill.externalId), 1);
    });

    test('lots on hand are told by location, and what was chosen is what leaves', async () => {
      const items = await session.items.byNames([sim.items[2]]);
      const lot = items.get(sim.items[2])!;
      const [number] = await session.items.numbers([lot.id], [sim.ids.warehouse]);
      assert.ok(number && number.quantity > 1, 'a lot on hand');
      const one = await draft({ kind: 'cash-sale', locationId: sim.ids.warehouse });
      const { id } = await session.documents.create({
        ...one,
        lines: [
          {
            ...one.lines[0]!,
            itemId: lot.id,
            quantity: 1,
            locationId: sim.ids.warehouse,
            numbers: [{ numberId: number.numberId, name: number.name, quantity: 1 }],
          },
        ],
      });
      assert.ok(id);
      const [left] = await session.items.numbers([lot.id], [sim.ids.warehouse]);
      assert.equal(left!.quantity, number.quantity - 1);
    });

    test('a customer is made once by its external id', async () => {
      const customer = {
        externalId: `XD-SUITE-C-${Date.now()}`,
        name: 'Suite customer',
        currency: 'USD',
        subsidiaryId: sim.ids.subsidiary,
      };
      const id = await session.documents.ensureCustomer(customer);
      assert.equal(await session.documents.ensureCustomer(customer), id);
    });

    test('a document that is not there is a person’s matter, said with what to do', async () => {
      const error = await errorOf(() => session.documents.read('sales-order', '999999999'));
      assert.ok(
        error instanceof RecordError && error.code === 'DOCUMENT_DELETED' && error.nextSteps.length > 0,
      );
      assert.equal(await session.documents.findFresh('sales-order', 'XD-NOWHERE'), undefined);
    });

    test('failures become what the engine must do about them', async () => {
      const failing = async (fault: Parameters<SimulatedErp['strike']>[0]) => {
        sim.strike(fault);
        return errorOf(() => session.documents.findFresh('sales-order', 'XD-NOWHERE'));
      };
      const refused = await failing('429');
      assert.ok(refused instanceof ThrottledError && refused.retryAt > new Date());
      assert.ok((await failing('500-before')) instanceof TransientError);
    });

    test('wrong secrets are the account’s fault, and no secret stands in what is kept', async () => {
      const kept = JSON.stringify(watched.kept);
      for (const [name, secret] of Object.entries(sim.secrets)) assert.ok(!kept.includes(secret), name);
      watched = watchedTools<Bucket>();
      const error = await errorOf(() => open(sim.wrongSecrets).check());
      assert.ok(error instanceof ConnectionError && error.nextSteps.length > 0, String(error));
    });
  });
}
