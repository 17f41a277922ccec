// Can an older figure ever overtake a newer one? Versions, leases and feeds over a real database.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { testDatabase } from '../../test/setup/database.ts';
import { makeClock } from '../core/clock.ts';
import { type Db, sql } from '../db/pool.ts';
import type { StockBook } from '../flows/stock/book.ts';
import { makeStockBook } from './store.ts';

describe('what was told and what is to be told', () => {
  let db: Db;
  let close: () => Promise<void>;
  let book: StockBook;
  const clock = makeClock();
  const soon = () => new Date(clock.now().getTime() + 60_000);
  const past = () => new Date(clock.now().getTime() - 1);
  const never = () => new Date(clock.now().getTime() + 3_600_000);

  before(async () => {
    ({ db, close } = await testDatabase());
    await sql`INSERT INTO connections (id, side, connector, title, settings, secrets, state, created_at, updated_at) VALUES
      ('shop', 'channel', 'amazon', 'Shop', '{}', 'x', 'active', now(), now()), ('books', 'erp', 'netsuite', 'Books', '{}', 'x', 'active', now(), now())`.execute(
      db,
    );
    await sql`INSERT INTO flows (id, kind, channel_connection_id, erp_connection_id, settings, state, created_at, updated_at)
      VALUES ('f', 'stock.export', 'shop', 'books', '{}', 'active', now(), now())`.execute(db);
    book = makeStockBook({ db, clock, flowId: 'f', channelConnectionId: 'shop', erpConnectionId: 'books' });
    await book.keepListings(
      ['A', 'B', 'C', 'FBA'].map((sku) => ({
        sku,
        fulfilment: sku === 'FBA' ? ('marketplace' as const) : ('merchant' as const),
        active: true,
        title: sku,
        units: 1,
        itemId: sku,
      })),
      clock.now(),
      true,
    );
  });
  after(() => close());

  const want = (figures: Record<string, number>) =>
    book
      .markEverything()
      .then(() =>
        book.rework(100, async () =>
          Object.entries(figures).map(([sku, quantity]) => ({ sku, quantity, why: [] })),
        ),
      );
  const told = async (sku: string) =>
    (await sql<{ told: number | null }>`SELECT told FROM stock_offers WHERE sku = ${sku}`.execute(db)).rows[0]
      ?.told;

  test('falls come before rises, and zero before all', async () => {
    await want({ A: 5, B: 5, C: 5 });
    const taken = await book.take(['A', 'B', 'C'], soon());
    await book.settle(
      taken.offers.map((offer) => ({ ...offer, accepted: true })),
      'single',
      never,
    );
    await want({ A: 9, B: 3, C: 0 });
    assert.deepEqual(
      (await book.due(10, 'all')).first.map((offer) => offer.sku),
      ['C', 'B', 'A'],
    );
    assert.deepEqual(
      (await book.due(10, 'falls')).first.map((offer) => offer.sku),
      ['C', 'B'],
    );
  });

  test('while one update is under way nothing else is sent, and the newest figure follows it', async () => {
    const [first] = (await book.take(['A'], soon())).offers;
    await want({ A: 7 });
    assert.equal((await book.take(['A'], soon())).offers.length, 0);
    await book.settle([{ ...first!, accepted: true }], 'single', never);
    assert.equal(await told('A'), 9);
    const [second] = (await book.take(['A'], soon())).offers;
    assert.equal(second!.quantity, 7);
    await book.settle([{ ...second!, accepted: true }], 'single', never);
    assert.equal(await told('A'), 7);
  });

  test('an outcome that comes after its lease was given up changes nothing', async () => {
    await want({ A: 6 });
    const [late] = (await book.take(['A'], past())).offers;
    assert.equal(await book.loseExpired(past()), 1);
    await want({ A: 2 });
    const [newer] = (await book.take(['A'], soon())).offers;
    assert.equal(newer!.quantity, 2);
    await book.settle([{ ...late!, accepted: true }], 'single', never);
    assert.equal(await told('A'), 7, 'the late outcome is not ours any more');
    await book.settle([{ ...newer!, accepted: true }], 'single', never);
    assert.equal(await told('A'), 2);
  });

  test('a lost call is waited out before the SKU is sent again', async () => {
    await want({ A: 4 });
    const taken = await book.take(['A'], soon());
    await book.lose(taken.offers, 'single', never());
    assert.deepEqual(
      (await book.due(10, 'all')).first.filter((offer) => offer.sku === 'A'),
      [],
    );
  });

  test('a feed settles the SKUs it named, the refused ones apart', async () => {
    await want({ B: 30, C: 31 });
    const feed = await book.take(['B', 'C'], past(), 'feed');
    assert.equal(feed.offers.length, 2);
    assert.equal(await book.loseExpired(past()), 0, 'a feed is not lost by the clock');
    await book.feedSubmitted(feed.feedId!, 'T1', past());
    await want({ B: 29 });
    const open = await book.oldestFeed();
    assert.deepEqual([open?.ticket, open?.state], ['T1', 'working']);
    await book.feedDone(feed.feedId!, [{ sku: 'C', accepted: false, message: 'No.' }], never);
    assert.deepEqual([await told('B'), await told('C')], [30, 5]);
    assert.deepEqual(
      (await book.due(10, 'all')).first.map((offer) => [offer.sku, offer.quantity]),
      [['B', 29]],
    );
    assert.equal(await book.oldestFeed(), undefined);
  });

  test('a listing that Amazon fulfils is never taken, whatever is wanted for it', async () => {
    await want({ FBA: 50 });
    assert.equal((await book.take(['FBA'], soon())).offers.length, 0);
    assert.deepEqual(
      (await book.due(10, 'all')).first.filter((offer) => offer.sku === 'FBA'),
      [],
    );
  });

  test('an older reading of the shelves does not replace a newer one', async () => {
    const newer = clock.now();
    await book.keepLevels([{ itemId: 'A', locationId: '1', available: 3 }], newer);
    const older = new Date(newer.getTime() - 60_000);
    assert.equal(await book.keepLevels([{ itemId: 'A', locationId: '1', available: 9 }], older), 0);
  });
});
