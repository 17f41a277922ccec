// The last questions, a try with real orders, going live, pausing, and rolling back with nothing silent.
import { writeAudit } from '../../audit/store.ts';
import { flowsUsing, listConnections } from '../../connections/store.ts';
import { asSyncError } from '../../core/errors.ts';
import { inTransaction } from '../../db/pool.ts';
import type { ErpReport, ErpSession } from '../../erp/erp.ts';
import type { OpenFlow } from '../../flows/flow.ts';
import { type OrdersSettings, ordersSettings } from '../../flows/orders/settings.ts';
import type { Lookups } from '../../mapping/mapping.ts';
import { readLookups } from '../../mapping/store.ts';
import {
  type OrderAnswers,
  openQuestions,
  orderAnswers,
  orderSettingsOf,
  shipMethodRows,
} from '../../setup/settings-of.ts';
import { changeSetup, countMade, madeSince, markUndone, type SetupRow } from '../../setup/store.ts';
import type { Operations, SetupOperations, SetupQuestions } from '../operations.ts';
import { parse } from '../sessions.ts';
import { type OperateParts, refuse } from './parts.ts';
import { checkReadiness } from './readiness.ts';
import { setupById } from './setup.ts';
import { readLists, suggest } from './suggest.ts';

const dayMs = 24 * 60 * 60_000;
/** Recent enough to be typical, long enough ago to hold shipped orders too. */
const recentDays = 14;
const pageMade = 100;

type Acting = Pick<Operations, 'saveFlow' | 'setFlowState' | 'saveLookup' | 'testConnection'>;

interface Connected {
  readonly setup: SetupRow;
  readonly channelId: string;
  readonly erpId: string;
  readonly erp: ErpSession;
  readonly erpReport: ErpReport;
  readonly chosenMarketplaces: readonly string[];
  readonly answers: OrderAnswers;
}

export function goLiveOperations(
  parts: OperateParts,
  acting: Acting,
): Pick<
  SetupOperations,
  | 'questions'
  | 'checkSetup'
  | 'goLive'
  | 'pauseSetup'
  | 'resumeSetup'
  | 'rollBack'
  | 'madeBySetup'
  | 'undoMade'
> {
  const { db, clock, sessions } = parts;
  return {
    async questions(setupId) {
      const connected = await connectedAccounts(parts, setupId, acting);
      const channelReport = (await listConnections(db)).find((one) => one.id === connected.channelId)
        ?.report as { marketplaces?: SetupQuestions['marketplaces'] } | undefined;
      const marketplaces = (channelReport?.marketplaces ?? []).filter((one) =>
        connected.chosenMarketplaces.includes(one.id),
      );
      const lists = await readLists(connected.erp);
      return {
        marketplaces,
        account: {
          oneWorld: connected.erpReport.oneWorld,
          suiteTax: connected.erpReport.suiteTax,
          timeZone: connected.erpReport.timeZone,
          warnings: connected.erpReport.warnings,
        },
        lists,
        shipServices: ['STANDARD', 'EXPEDITED', 'SECOND_DAY', 'NEXT_DAY', '*'],
        suggested: await suggest(connected.erp, lists, marketplaces),
        open: openQuestions(connected.answers, {
          oneWorld: connected.erpReport.oneWorld,
          chosenMarketplaces: connected.chosenMarketplaces,
        }),
      };
    },
    async checkSetup(setupId, last, actor) {
      const connected = await connectedAccounts(parts, setupId, acting);
      const flow = await trialFlow(parts, connected);
      const raws = await recentOrders(flow, new Date(clock.now().getTime() - recentDays * dayMs), last);
      const readiness = await checkReadiness(flow, raws);
      await changeSetup(db, setupId, { readiness, step: 'check' }, actor, clock.now());
      return readiness;
    },
    async goLive(setupId, actor) {
      const connected = await connectedAccounts(parts, setupId, acting);
      const { setup, channelId, erpId, answers, chosenMarketplaces } = connected;
      assertAnswered(connected);
      if (!setup.readiness)
        throw refuse('CHECK_FIRST', 'No real orders have been tried yet.', [
          'Run the readiness check, then go live.',
        ]);
      const startAt = clock.now().toISOString();
      const flow = (kind: string, settings: object) =>
        acting.saveFlow({ kind, channelConnectionId: channelId, erpConnectionId: erpId, settings }, actor);
      for (const row of shipMethodRows(answers)) await acting.saveLookup(channelId, row, actor, 'set-up');
      const ids = [
        await flow('orders.import', orderSettingsOf(answers, chosenMarketplaces, answers.goLiveAt!)),
        ...(answers.confirmShipments ? [await flow('shipments.export', { startAt: answers.goLiveAt })] : []),
        ...(answers.tellCancellations
          ? [await flow('cancellations.export', { startAt, reason: answers.cancellationReason ?? 'ask' })]
          : []),
      ];
      for (const id of ids) await acting.setFlowState(id, 'active', actor);
      await inTransaction(db, async (tx) => {
        await changeSetup(
          tx,
          setupId,
          { state: 'live', step: 'live', live: { at: clock.now(), by: actor } },
          actor,
          clock.now(),
        );
        await writeAudit(tx, {
          at: clock.now(),
          actor,
          action: 'setup.live',
          subject: `setup:${setupId}`,
          detail: { flows: ids, goLiveAt: answers.goLiveAt },
        });
      });
      parts.wake();
    },
    pauseSetup: (setupId, actor) => stopFlows(setupId, 'paused', actor),
    rollBack: (setupId, actor) => stopFlows(setupId, 'rolled-back', actor),
    async resumeSetup(setupId, actor) {
      const setup = await setupById(parts, setupId);
      if (setup.state !== 'paused')
        throw refuse('SETUP_NOT_PAUSED', 'Only a paused shop can be resumed.', [
          'Go live again after a roll-back: the questions and the check come first.',
        ]);
      for (const id of await flowsOf(setup)) await acting.setFlowState(id, 'active', actor);
      await note(setupId, 'live', actor);
    },
    async madeBySetup(setupId, cursor) {
      const setup = await setupById(parts, setupId);
      if (!setup.liveAt || !setup.channelConnectionId) return { counts: [], items: [], next: null };
      const rows = await madeSince(db, setup.channelConnectionId, setup.liveAt, {
        ...(cursor === undefined ? {} : { after: cursor }),
        limit: pageMade + 1,
      });
      const items = rows.slice(0, pageMade);
      return {
        counts: await countMade(db, setup.channelConnectionId, setup.liveAt),
        items: items.map((one) => ({
          recordId: one.recordId.toString(),
          channelOrderId: one.key,
          kind: one.remoteKind,
          number: one.remoteNumber ?? one.remoteId,
          adopted: one.adopted,
          undone: one.undone,
          mayUndo: reasonToKeep(one) === undefined,
          currency: one.currency,
          totalMinor: one.totalMinor?.toString() ?? null,
          doneAt: one.doneAt?.toISOString() ?? null,
        })),
        next: rows.length > pageMade ? items.at(-1)!.recordId.toString() : null,
      };
    },
    async undoMade(setupId, recordIds, actor) {
      const setup = await setupById(parts, setupId);
      if (
        setup.state !== 'rolled-back' ||
        !setup.liveAt ||
        !setup.channelConnectionId ||
        !setup.erpConnectionId
      )
        throw refuse('NOT_ROLLED_BACK', 'Documents are undone only after the shop was rolled back.', [
          'Roll back first: it stops the flows, so that nothing is made anew meanwhile.',
        ]);
      const { session } = await sessions.erp(setup.erpConnectionId);
      const made = await madeSince(db, setup.channelConnectionId, setup.liveAt, {
        ids: recordIds,
        limit: recordIds.length,
      });
      const outcomes = [];
      for (const one of made) outcomes.push(await undoOne(parts, session, one, actor));
      return outcomes;
    },
  };

  async function flowsOf(setup: SetupRow): Promise<readonly string[]> {
    return setup.channelConnectionId ? flowsUsing(db, setup.channelConnectionId) : [];
  }

  async function stopFlows(setupId: string, state: 'paused' | 'rolled-back', actor: string): Promise<void> {
    const setup = await setupById(parts, setupId);
    if (setup.state !== 'live' && setup.state !== 'paused')
      throw refuse('SETUP_NOT_LIVE', 'This shop is not live.', ['Go live first.']);
    for (const id of await flowsOf(setup)) await acting.setFlowState(id, 'paused', actor);
    await note(setupId, state, actor);
  }

  async function note(setupId: string, state: SetupRow['state'], actor: string): Promise<void> {
    await inTransaction(db, async (tx) => {
      await changeSetup(
        tx,
        setupId,
        { state, ...(state === 'rolled-back' ? { step: 'check' } : {}) },
        actor,
        clock.now(),
      );
      await writeAudit(tx, { at: clock.now(), actor, action: `setup.${state}`, subject: `setup:${setupId}` });
    });
  }
}

type Made = Awaited<ReturnType<typeof madeSince>>[number];

/** Why a document stays as it is, or undefined when closing it may be tried. */
function reasonToKeep(made: Made): string | undefined {
  if (made.undone) return 'Undone already.';
  if (made.adopted) return 'Another tool or person made it; Crossdock only took it over.';
  if (made.remoteKind !== 'sales-order')
    return 'It is posted to the books. Void or credit it in NetSuite if it must go.';
  return undefined;
}

/** Closes what is still open of a sales order; never deletes. Doing it twice does no harm. */
async function undoOne({ db, clock }: OperateParts, erp: ErpSession, made: Made, actor: string) {
  const recordId = made.recordId.toString();
  const kept = (reason: string) => ({ recordId, undone: false, reason });
  const reason = reasonToKeep(made);
  if (reason) return kept(reason);
  try {
    const { lines, status } = await erp.documents.read('sales-order', made.remoteId);
    if (lines.some((line) => line.quantityFulfilled > 0))
      return kept('Something of it was shipped already. Credit it in NetSuite if it must go.');
    if (!['pending-approval', 'pending-fulfilment', 'closed', 'cancelled'].includes(status))
      return kept('NetSuite has gone on with it. Close it there if it must go.');
    await inTransaction(db, async (tx) => {
      await markUndone(tx, made.recordId, actor, clock.now());
      await writeAudit(tx, {
        at: clock.now(),
        actor,
        action: 'document.undone',
        subject: `record:${recordId}`,
        detail: { document: made.remoteId, order: made.key },
      });
    });
    const open = lines.filter((line) => !line.closed).map((line) => line.line);
    if (open.length > 0) await erp.documents.closeLines(made.remoteId, open);
    return { recordId, undone: true, reason: 'Its open lines are closed in NetSuite.' };
  } catch (thrown) {
    return kept(asSyncError(thrown).message);
  }
}

/** Both accounts of a set-up with what their last check told; a missing check is made up for. */
async function connectedAccounts(parts: OperateParts, setupId: string, acting: Acting): Promise<Connected> {
  const setup = await setupById(parts, setupId);
  const { channelConnectionId: channelId, erpConnectionId: erpId } = setup;
  if (!erpId)
    throw refuse('ERP_NOT_CONNECTED', 'NetSuite is not connected yet.', ['Finish the step NetSuite.']);
  if (!channelId)
    throw refuse('CHANNEL_NOT_CONNECTED', 'Amazon is not connected yet.', ['Finish the step Amazon.']);
  for (const id of [erpId, channelId]) {
    const row = (await listConnections(parts.db)).find((one) => one.id === id);
    if (row?.report) continue;
    const outcome = await acting.testConnection({ id });
    if (!outcome.ok) throw refuse(outcome.problem.code, outcome.problem.message, outcome.problem.nextSteps);
  }
  const rows = await listConnections(parts.db);
  const { session } = await parts.sessions.erp(erpId);
  const channel = rows.find((one) => one.id === channelId)!;
  return {
    setup,
    channelId,
    erpId,
    erp: session,
    erpReport: rows.find((one) => one.id === erpId)!.report as ErpReport,
    chosenMarketplaces: (channel.settings as { marketplaceIds?: readonly string[] }).marketplaceIds ?? [],
    answers: parse(orderAnswers, setup.answers['orders'] ?? {}, 'answers'),
  };
}

function assertAnswered({ answers, erpReport, chosenMarketplaces }: Connected): void {
  const [first] = openQuestions(answers, { oneWorld: erpReport.oneWorld, chosenMarketplaces });
  if (first)
    throw refuse(
      'ANSWER_MISSING',
      'A question without a safe default has no answer yet.',
      ['Answer the marked questions, then try again.'],
      first,
    );
}

/** The orders flow as it would be, not saved: for trying real orders. */
async function trialFlow(parts: OperateParts, connected: Connected): Promise<OpenFlow<OrdersSettings>> {
  assertAnswered(connected);
  const { channelId, answers, chosenMarketplaces, erp, erpReport } = connected;
  // For the try, orders from before going live count too: otherwise there would be none to try.
  const settings = parse(
    ordersSettings,
    orderSettingsOf(
      answers,
      chosenMarketplaces,
      new Date(parts.clock.now().getTime() - 60 * dayMs).toISOString(),
    ),
    'answers',
  );
  const tables = new Map(
    [...(await readLookups(parts.db, channelId))].map(([name, rows]) => [name, new Map(rows)]),
  );
  for (const { name, key, value } of shipMethodRows(answers)) {
    const table = tables.get(name) ?? new Map<string, { value: string; multiplier: number }>();
    tables.set(name, table.set(key, { value, multiplier: 1 }));
  }
  const lookups: Lookups = tables;
  return {
    id: `${channelId}:trial`,
    channelConnectionId: channelId,
    settings,
    channel: await parts.sessions.channel(channelId),
    erp,
    erpReport,
    clock: parts.clock,
    lookups: async () => lookups,
    overrides: async () => [],
    // A trial remembers nothing: whoever tried to would be a mistake of ours.
    get journal(): never {
      throw new Error('A trial has no journal.');
    },
    get stock(): never {
      throw new Error('A trial knows no stock.');
    },
    get settlements(): never {
      throw new Error('A trial knows no settlements.');
    },
  };
}

async function recentOrders(
  flow: OpenFlow<OrdersSettings>,
  from: Date,
  last: number,
): Promise<readonly unknown[]> {
  const found = [];
  let page: string | undefined;
  for (let pages = 0; pages < 5; pages++) {
    const answer = await flow.channel.orders!.search({ from, ...(page === undefined ? {} : { page }) });
    found.push(...answer.documents);
    page = answer.nextPage;
    if (page === undefined) break;
  }
  found.sort((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime());
  return found.slice(0, last).map((document) => document.raw);
}
