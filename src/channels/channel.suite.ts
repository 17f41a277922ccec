// What must every channel prove? The contract's promises, run by each channel's own test against its simulator.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import {
  ConnectionError,
  OutcomeUnknownError,
  RecordError,
  SyncError,
  ThrottledError,
  TransientError,
} from '../core/errors.ts';
import { total } from '../core/money.ts';
import type { Order } from '../core/order.ts';
import { errorOf, type Watched, watchedTools } from '../http/tools.suite.ts';
import type { Channel, ChannelSession, OrderDocument } from './channel.ts';

export interface SimulatedChannel {
  readonly settings: unknown;
  readonly secrets: Readonly<Record<string, string>>;
  /** Puts orders of every kind into the account. */
  fill(count: number): void;
  /** Strikes the next call of what the suite does next, as the simulator words it. */
  strike(fault: '429' | '500-before' | '500-after' | 'reset-before' | 'reset-after' | 'expired-token'): void;
  /** How many shipment confirmations with different content an order has got. */
  shipmentsOf(orderId: string): number;
  /** A document with fields nobody knows; and what a document cannot do without, by path. */
  readonly needed: readonly string[];
  close(): Promise<void>;
}

const headings = [
  'What is called and why',
  'Scopes and how to get them',
  'Quotas',
  'Quirks',
  'Where facts disagree',
];

export function channelSuite<Settings, Secrets, Bucket extends string>(
  channel: Channel<Settings, Secrets, Bucket>,
  folder: URL,
  start: (empty: boolean) => Promise<SimulatedChannel>,
): void {
  describe(`${channel.id} keeps the contract of a channel`, () => {
    let sim: SimulatedChannel;
    let watched: Watched<Bucket>;
    let session: ChannelSession;
    let documents: readonly OrderDocument[] = [];
    const open = (of: SimulatedChannel, secrets: object = of.secrets) =>
      channel.open(channel.settings.parse(of.settings), channel.secrets.parse(secrets), watched.tools);
    before(async () => {
      watched = watchedTools<Bucket>();
      sim = await start(false);
      sim.fill(250);
      session = open(sim);
    });
    after(() => sim.close());
    const from = new Date(Date.now() - 3 * 86_400_000);
    const allPages = async () => {
      const all: OrderDocument[] = [];
      for (let page: string | undefined; ; ) {
        const got = await session.orders!.search({ from, ...(page === undefined ? {} : { page }) });
        all.push(...got.documents);
        if (got.nextPage === undefined) return all;
        page = got.nextPage;
      }
    };
    const orders = (): Order[] => documents.map(({ raw }) => session.orders!.toOrder(raw));

    test('the folder is named as the channel, and its read-me answers the same five questions', () => {
      assert.ok(folder.pathname.endsWith(`/${channel.id}/`));
      const readme = new URL('README.md', folder);
      assert.ok(existsSync(readme), 'README.md is missing');
      const text = readFileSync(readme, 'utf8');
      for (const heading of headings) assert.match(text, new RegExp(`^## ${heading}$`, 'm'), heading);
    });

    test('empty settings and secrets are refused with a sentence for each field', () => {
      for (const schema of [channel.settings, channel.secrets]) {
        const { success, error } = schema.safeParse({});
        assert.equal(success, false);
        for (const issue of error!.issues) assert.ok(issue.message.length > 5 && issue.path.length > 0);
      }
      const strict = channel.settings.safeParse({ ...(sim.settings as object), nonsense: 1 });
      assert.equal(strict.success, false, 'unknown names are refused');
    });

    test('every page names what it holds, the same question twice loses nothing, and it ends', async () => {
      documents = await allPages();
      assert.ok(documents.length >= 240, `${documents.length} orders`);
      const again = new Set((await allPages()).map(({ key }) => key));
      for (const { key } of documents) assert.ok(again.has(key), key);
    });

    test('every call is counted against a bucket that the channel declares', () => {
      assert.ok(watched.sent.length > 0);
      for (const { bucket } of watched.sent) assert.ok(bucket === 'free' || bucket in channel.limits, bucket);
    });

    test('every order keeps its cents: lines make the total, parts make the lines', () => {
      for (const order of orders()) {
        const lines = order.lines.flatMap((line) => (line.total ? [line.total] : []));
        if (order.total && lines.length === order.lines.length)
          assert.equal(total(lines, order.currency).minor, order.total.minor, order.id);
        for (const line of order.lines) {
          if (!line.total) continue;
          const parts = [
            line.price,
            line.discount,
            line.shipping,
            line.shippingDiscount,
            line.giftWrap,
            line.otherCharges,
            ...(line.taxIncluded ? [] : [line.tax]),
          ];
          assert.equal(total(parts, order.currency).minor, line.total.minor, `${order.id} ${line.id}`);
        }
      }
    });

    test('fields nobody knows are tolerated, a missing one is named', () => {
      const raw = documents[0]!.raw as Record<string, unknown>;
      assert.equal(session.orders!.toOrder({ ...raw, somethingNew: { deep: [1] } }).id, documents[0]!.key);
      for (const name of sim.needed) {
        const { [name]: _gone, ...rest } = raw;
        assert.throws(
          () => session.orders!.toOrder(rest),
          (error) => error instanceof RecordError && `${error.field} ${error.message}`.includes(name),
          name,
        );
      }
    });

    test('the buyer’s data can be taken out of every document and put back', () => {
      for (const { raw } of documents.slice(0, 50)) {
        const { kept, personal } = session.orders!.splitPersonal(raw);
        assert.deepEqual(session.orders!.joinPersonal(kept, personal), raw);
      }
    });

    test('an order the channel does not know is none, not an error', async () => {
      assert.equal(await session.orders!.one('000-0000000-0000000'), undefined);
    });

    test('failures become what the engine must do about them', async () => {
      const failing = async (fault: Parameters<SimulatedChannel['strike']>[0]) => {
        sim.strike(fault);
        return errorOf(() => session.orders!.one(documents[0]!.key));
      };
      const refused = await failing('429');
      assert.ok(refused instanceof ThrottledError && refused.retryAt > new Date(), String(refused));
      assert.ok((await failing('500-before')) instanceof TransientError);
      assert.ok((await failing('reset-before')) instanceof TransientError);
      assert.equal(await failing('expired-token'), undefined, 'one new token is fetched by itself');
    });

    test('a shipment told twice is one, and a lost answer is looked up, not repeated', async () => {
      const order = orders().find(
        (one) => one.status === 'unshipped' && one.fulfilledBy === 'merchant' && !one.sellerFulfilledPrime,
      )!;
      const plan = session.shipments!.plan({
        channelOrderId: order.id,
        marketplaceId: order.marketplace.id,
        packageReference: '1',
        carrierCode: 'UPS',
        trackingNumber: '1Z0000000000000042',
        shippedAt: new Date(),
        lines: order.lines.map((line) => ({ lineId: line.id, quantity: line.quantity })),
      });
      await session.shipments!.send(plan);
      await session.shipments!.send(plan);
      assert.equal(sim.shipmentsOf(order.id), 1);
      for (const fault of ['reset-after', '500-after'] as const) {
        sim.strike(fault);
        assert.ok((await errorOf(() => session.shipments!.send(plan))) instanceof OutcomeUnknownError, fault);
      }
    });

    test('wrong secrets are the account’s fault, said with what to do', async () => {
      const wrong = Object.fromEntries(
        Object.entries(sim.secrets).map(([name, value]) => [name, `${value}x`]),
      );
      watched = watchedTools<Bucket>();
      const error = await errorOf(() => open(sim, wrong).check());
      assert.ok(error instanceof ConnectionError, String(error));
      assert.ok(error.nextSteps.length > 0);
    });

    test('no secret stands in what is kept of calls, nor in an error', async () => {
      watched = watchedTools<Bucket>();
      const of = open(sim);
      await of.check();
      sim.strike('500-before');
      const error = await errorOf(() => of.orders!.one(documents[0]!.key));
      const text = JSON.stringify([
        watched.kept,
        error instanceof SyncError ? [error.message, error.facts] : '',
      ]);
      for (const [name, secret] of Object.entries(sim.secrets))
        if (secret.length > 8 && !/accesskeyid|clientid/i.test(name)) assert.ok(!text.includes(secret), name);
    });

    test('an empty account is read like any other', async () => {
      const empty = await start(true);
      try {
        watched = watchedTools<Bucket>();
        const page = await open(empty).orders!.search({ from });
        assert.deepEqual([page.documents.length, page.nextPage], [0, undefined]);
        assert.ok(page.seenUntil >= from);
      } finally {
        await empty.close();
      }
    });
  });
}
