// Stock of the ERP becomes quantities of listings. Reads: erp/netsuite/stock.ts, channels/<name>/stock.ts (listings) ·
// works out: work-out.ts with core/stock.ts · sends: push-stock.ts. Nothing here is a record: only the newest figure counts.

import type { ChannelListing, StockSink } from '../../channels/channel.ts';
import { RecordError } from '../../core/errors.ts';
import type { FlowKind, OpenFlow, TaskRequest, TaskResult } from '../flow.ts';
import { pushStock } from './push-stock.ts';
import { makeRecipes, type Recipes } from './recipes.ts';
import { type StockSettings, stockSettings } from './settings.ts';
import { workOut } from './work-out.ts';

const minuteMs = 60_000;
/** Changes taken in one transaction. */
const reworkMax = 20_000;
/** Stock changes this long before the last reading are read again: the ERP's index may lag (netsuite.md §2.6). */
const overlapMs = 2 * minuteMs;
/** A listing that shows something else than it was told this long ago is told again. */
const driftAfterMs = 30 * minuteMs;
/** A listings report is asked about this often. */
const reportPollMs = 20_000;

export const exportStock: FlowKind<StockSettings> = {
  id: 'stock.export',
  title: 'Send stock',
  settings: stockSettings,
  tasks: (settings) => [
    {
      name: 'listings',
      title: 'Read the listings',
      everySeconds: settings.listingsEveryMinutes * 60,
      firstAfterSeconds: 0,
      run: readListings,
    },
    { name: 'full', title: 'Read all stock', everySeconds: 86_400, firstAfterSeconds: 0, run: readAll },
    {
      name: 'levels',
      title: 'Read changed stock',
      everySeconds: settings.levelsEverySeconds,
      firstAfterSeconds: settings.levelsEverySeconds,
      run: readChanges,
    },
    { name: 'push', title: 'Send quantities', everySeconds: 5, firstAfterSeconds: 5, run: push },
  ],
  // Stock has no records: a figure that is overtaken is not history, it is wrong.
  deliver: async () => new Map(),
};

function sinkOf(flow: OpenFlow<StockSettings>): StockSink {
  if (flow.channel.stock) return flow.channel.stock;
  throw new RecordError('STOCK_UNSUPPORTED', 'This channel takes no stock figures.', {
    nextSteps: ['Remove the flow “Send stock” of this channel.'],
  });
}

/** The listings by report: asked for, awaited over several runs, read, matched to items. */
async function readListings(flow: OpenFlow<StockSettings>): Promise<TaskResult> {
  const { listings } = sinkOf(flow);
  const standing = await flow.journal.cursor<{ readonly ticket: string }>('listings');
  const later = () => new Date(flow.clock.now().getTime() + reportPollMs);
  if (standing === undefined) {
    const ticket = await listings.request();
    await flow.journal.moveCursor('listings', { ticket });
    return { counts: {}, continueAt: later() };
  }
  const report = await listings.state(standing.ticket);
  if (report.state === 'working') return { counts: {}, continueAt: later() };
  await flow.journal.dropCursor('listings');
  if (report.state === 'unusable')
    // Asked again too soon, or a passing fault: never taken for an empty account.
    return { counts: { reportsRefused: 1 }, continueAt: new Date(flow.clock.now().getTime() + 5 * minuteMs) };
  const found = report.documentId === undefined ? [] : await listings.read(report.documentId);
  const seenAt = flow.clock.now();
  const changed = await flow.stock.keepListings(await matched(flow, found), seenAt, found.length > 0);
  const drifted = await flow.stock.drifted(new Date(seenAt.getTime() - driftAfterMs));
  await flow.stock.tellAgain(drifted.map(({ sku }) => sku));
  return {
    counts: { listings: found.length, changed, ...(drifted.length > 0 ? { drifted: drifted.length } : {}) },
  };
}

/** Which item is behind a SKU: the owner's alias, else the item of the same name (features.md §3.1 #22). */
async function matched(flow: OpenFlow<StockSettings>, found: readonly ChannelListing[]) {
  const aliases = (await flow.lookups()).get('item-alias');
  const names = found.map((listing) => {
    const alias = aliases?.get(listing.sku);
    return { listing, itemName: alias?.value ?? listing.sku, units: alias?.multiplier ?? 1 };
  });
  const merchant = names.filter(({ listing }) => listing.fulfilment === 'merchant');
  const items = await flow.erp.items.byNames([...new Set(merchant.map(({ itemName }) => itemName))]);
  return names.map(({ listing, itemName, units }) => {
    const item = items.get(itemName);
    return {
      ...listing,
      units,
      ...(item && !item.inactive ? { itemId: item.id, itemName } : {}),
    };
  });
}

/** Everything once a day, and first of all: what a delta missed is found here. */
async function readAll(flow: OpenFlow<StockSettings>): Promise<TaskResult> {
  const readAt = flow.clock.now();
  await flow.stock.keepKitMembers(await flow.erp.stock.kitMembers());
  let levels = 0;
  for await (const page of flow.erp.stock.all(flow.settings.locationIds)) {
    await flow.stock.keepLevels(page, readAt);
    levels += page.length;
  }
  await flow.stock.markEverything();
  await flow.journal.moveCursor('levels', { from: new Date(readAt.getTime() - overlapMs).toISOString() });
  return { counts: { levels } };
}

async function readChanges(flow: OpenFlow<StockSettings>): Promise<TaskResult> {
  const cursor = await flow.journal.cursor<{ readonly from: string }>('levels');
  // Until everything was read once there is nothing to follow.
  if (cursor === undefined) return { counts: {} };
  const readAt = flow.clock.now();
  const { levels, seenUntil } = await flow.erp.stock.changedSince(
    new Date(cursor.from),
    flow.settings.locationIds,
  );
  const changed = await flow.stock.keepLevels(levels, readAt, {
    name: 'levels',
    value: { from: new Date(seenUntil.getTime() - overlapMs).toISOString() },
  });
  const released = await flow.stock.releaseCommitted(
    new Date(readAt.getTime() - flow.settings.commitLagSeconds * 1000),
  );
  return { counts: { ...(changed > 0 ? { changed } : {}), ...(released > 0 ? { released } : {}) } };
}

async function push(flow: OpenFlow<StockSettings>, { signal }: TaskRequest): Promise<TaskResult> {
  const sink = sinkOf(flow);
  await noticeRules(flow);
  const recipes = await recipesOf(flow);
  const reworked = await flow.stock.rework(reworkMax, (changes, read) =>
    workOut(
      { recipes, settings: flow.settings, channelConnectionId: flow.channelConnectionId },
      changes,
      read,
    ),
  );
  const { counts, more } = await pushStock(flow, sink, signal);
  const told = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  return {
    counts: { ...(reworked.offers > 0 ? { figures: reworked.offers } : {}), ...told },
    ...(more || reworked.changes === reworkMax ? { continueAt: flow.clock.now() } : {}),
  };
}

/** A changed setting or alias concerns every figure: what was in force when they were worked out is remembered. */
async function noticeRules(flow: OpenFlow<StockSettings>): Promise<void> {
  const aliases = [...((await flow.lookups()).get('item-alias') ?? [])].sort(([a], [b]) =>
    a.localeCompare(b),
  );
  const inForce = { settings: JSON.stringify(flow.settings), aliases: JSON.stringify(aliases) };
  const before = await flow.journal.cursor<typeof inForce>('rules');
  if (before?.settings === inForce.settings && before.aliases === inForce.aliases) return;
  if (before !== undefined && before.aliases !== inForce.aliases) await rematch(flow);
  await flow.stock.markEverything();
  await flow.journal.moveCursor('rules', inForce);
}

/** The listings as last seen, matched by today's aliases. */
async function rematch(flow: OpenFlow<StockSettings>): Promise<void> {
  const known = await flow.stock.seenListings();
  await flow.stock.keepListings(await matched(flow, known.listings), known.seenAt, false);
}

const kept = new Map<string, { readonly version: string; readonly recipes: Recipes }>();

async function recipesOf(flow: OpenFlow<StockSettings>): Promise<Recipes> {
  const version = await flow.stock.recipeVersion();
  const known = kept.get(flow.id);
  if (known?.version === version) return known.recipes;
  const recipes = makeRecipes(await flow.stock.listings(), await flow.stock.kitMembers());
  kept.set(flow.id, { version, recipes });
  return recipes;
}
