// What people and programs ask of a running Crossdock, done: each operation checks, acts in one transaction, and writes
// its audit line. The API and the CLI know only operations.ts.
import { z } from 'zod';
import { readDocuments } from '../archive/store.ts';
import { writeAudit } from '../audit/store.ts';
import {
  flowsUsing,
  listConnections,
  readSecrets,
  removeConnectionRow,
  saveConnectionRow,
  saveReport,
  setConnectionRowState,
} from '../connections/store.ts';
import type { Clock } from '../core/clock.ts';
import { asSyncError, RecordError } from '../core/errors.ts';
import { type Db, inTransaction } from '../db/pool.ts';
import { ordersOf, recordById } from '../engine/records/store.ts';
import { requeueRecords, skipRecords } from '../engine/store.ts';
import {
  beginRun,
  endRun,
  type FlowRow,
  hastenTask,
  listFlows,
  moveCursor,
  saveFlowRow,
  setFlowRowState,
  wantOrders,
} from '../engine/tasks/store.ts';
import { generateCertificate } from '../erp/netsuite/certificate.ts';
import type { OpenFlow } from '../flows/flow.ts';
import { contextFor } from '../flows/orders/import-orders.ts';
import { type OrderContext, orderToDocument, overridableFields } from '../flows/orders/order-to-document.ts';
import { type OrdersSettings, ordersSettings } from '../flows/orders/settings.ts';
import { expressionFault } from '../mapping/expression.ts';
import {
  readOverrides,
  removeLookupRow,
  retireOverrideRow,
  saveLookupRow,
  saveOverrideRow,
} from '../mapping/store.ts';
import { assignProblemRow, closeProblemRow, reopenableRecords } from '../problems/desk/store.ts';
import { resolveConnectionProblems } from '../problems/store.ts';
import type { Vault } from '../vault/vault.ts';
import { channels, erps, flowKinds } from './connectors.ts';
import { dryRunOrder, plainDraft, plainProblem } from './dry-run.ts';
import { openFlow } from './open-flow.ts';
import type { ChangePreview, ConnectionInput, MappingChange, Operations } from './operations.ts';
import { parse, type Sessions } from './sessions.ts';

export interface OperateParts {
  readonly db: Db;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly sessions: Sessions;
  /** Something was queued: the worker of this process need not wait. */
  readonly wake: () => void;
}

/** What a person asked for does not exist or cannot be done; the API answers 404 or 422 with the sentence. */
const refuse = (code: string, message: string, nextSteps: readonly string[] = []) =>
  new RecordError(code, message, { nextSteps });

export function makeOperations(parts: OperateParts): Operations {
  return {
    ...recordOperations(parts),
    ...connectionOperations(parts),
    ...flowOperations(parts),
    ...mappingOperations(parts),
    ...problemOperations(parts),
  };
}

async function flowById(db: Db, id: string): Promise<FlowRow> {
  const flow = (await listFlows(db)).find((candidate) => candidate.id === id);
  if (!flow)
    throw refuse('FLOW_UNKNOWN', `There is no flow “${id}”.`, ['List them with: crossdock flows list']);
  return flow;
}

async function openOrders(parts: OperateParts, flowId: string): Promise<OpenFlow<OrdersSettings>> {
  const flow = await flowById(parts.db, flowId);
  if (flow.kind !== 'orders.import')
    throw refuse('FLOW_NOT_ORDERS', `The flow “${flowId}” does not import orders.`, [
      'Name a flow of kind orders.import.',
    ]);
  return (await openFlow(parts, flow, parts.wake)) as unknown as OpenFlow<OrdersSettings>;
}

function recordOperations(
  parts: OperateParts,
): Pick<Operations, 'retryRecords' | 'skipRecords' | 'planRecord' | 'planText' | 'importText'> {
  const { db, vault, clock } = parts;
  return {
    async retryRecords(filter, actor) {
      const now = clock.now();
      const count = await inTransaction(db, async (tx) => {
        const moved = await requeueRecords(tx, filter, now, actor);
        await writeAudit(tx, {
          at: now,
          actor,
          action: 'records.retried',
          subject: filter.problemId ? `problem:${filter.problemId}` : 'records',
          detail: { ...filter, count: moved },
        });
        return moved;
      });
      parts.wake();
      return count;
    },
    async skipRecords(filter, reason, actor) {
      const now = clock.now();
      return inTransaction(db, async (tx) => {
        const moved = await skipRecords(tx, filter, reason, now, actor);
        await writeAudit(tx, {
          at: now,
          actor,
          action: 'records.skipped',
          subject: 'records',
          detail: { ...filter, reason, count: moved },
        });
        return moved;
      });
    },
    async planRecord(recordId, withPersonal) {
      const record = await recordById(db, recordId);
      if (!record) throw refuse('RECORD_UNKNOWN', `There is no record ${recordId}.`);
      const flow = await openOrders(parts, record.flowId);
      const document = (await readDocuments(db, vault, [record.documentId])).get(record.documentId);
      const raw = document && flow.channel.orders!.joinPersonal(document.kept, document.personal);
      return dryRunOrder(flow, raw, {
        withPersonal,
        remote:
          record.remoteId === null
            ? undefined
            : {
                kind: record.remoteKind ?? '',
                id: record.remoteId,
                ...(record.remoteNumber ? { number: record.remoteNumber } : {}),
              },
      });
    },
    async planText(flowId, text, withPersonal) {
      const flow = await openOrders(parts, flowId);
      const documents = flow.channel.orders!.fromFile(text);
      const plans = [];
      for (const document of documents) plans.push(await dryRunOrder(flow, document.raw, { withPersonal }));
      return plans;
    },
    async importText(flowId, text, actor) {
      const flow = await openOrders(parts, flowId);
      const documents = flow.channel.orders!.fromFile(text);
      await flow.journal.take({ kind: 'order', via: 'file', documents, priority: 0 });
      await writeAudit(db, {
        at: clock.now(),
        actor,
        action: 'orders.imported',
        subject: flowId,
        detail: { orders: documents.map((document) => document.key) },
      });
      const records = await ordersOf(
        db,
        flowId,
        documents.map((document) => document.key),
      );
      return records.map((record) => ({ channelOrderId: record.key, recordId: record.id.toString() }));
    },
  };
}

function connectionOperations(
  parts: OperateParts,
): Pick<
  Operations,
  | 'testConnection'
  | 'saveConnection'
  | 'removeConnection'
  | 'setConnectionState'
  | 'choices'
  | 'makeCertificate'
> {
  const { db, vault, clock, sessions } = parts;
  async function stored(id: string) {
    const row = (await listConnections(db)).find((connection) => connection.id === id);
    if (!row)
      throw refuse('CONNECTION_UNKNOWN', `There is no connection “${id}”.`, [
        'List them with: crossdock connections list',
      ]);
    return row;
  }
  return {
    async testConnection(input) {
      try {
        if ('connector' in input) {
          const secrets = input.secrets ?? (await readSecrets(db, vault, input.id));
          const { channel, erp } = await sessions.scratch({
            connector: input.connector,
            settings: input.settings,
            secrets,
          });
          return { ok: true, report: await (channel ?? erp)!.check() };
        }
        const row = await stored(input.id);
        const session =
          row.side === 'channel' ? await sessions.channel(row.id) : (await sessions.erp(row.id)).session;
        const report = await session.check();
        await inTransaction(db, async (tx) => {
          await saveReport(tx, row.id, report, clock.now());
          if (row.state === 'broken')
            await setConnectionRowState(tx, row.id, 'active', undefined, clock.now());
          await resolveConnectionProblems(tx, row.id, clock.now(), 'check');
        });
        parts.wake();
        return { ok: true, report };
      } catch (thrown) {
        return { ok: false, problem: plainProblem(asSyncError(thrown)) };
      }
    },
    async saveConnection(input: ConnectionInput, actor) {
      const connector = channels[input.connector] ?? erps[input.connector];
      if (!connector)
        throw refuse('CONNECTOR_UNKNOWN', `There is no connector “${input.connector}”.`, [
          `Use one of: ${[...Object.keys(channels), ...Object.keys(erps)].join(', ')}.`,
        ]);
      if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(input.id))
        throw refuse(
          'CONNECTION_ID_INVALID',
          'A connection’s id has lower-case letters, digits and hyphens, at most 40.',
        );
      const settings = parse(connector.settings as never, input.settings, `settings of ${input.id}`);
      const known = await readSecrets(db, vault, input.id);
      const secrets = parse(
        connector.secrets as never,
        input.secrets === undefined
          ? known
          : { ...(known as object | undefined), ...(input.secrets as object) },
        `secrets of ${input.id}`,
      );
      await inTransaction(db, async (tx) => {
        await saveConnectionRow(
          tx,
          vault,
          {
            id: input.id,
            side: input.connector in channels ? 'channel' : 'erp',
            connector: input.connector,
            title: input.title,
            settings,
            demo: false,
            secrets,
          },
          clock.now(),
        );
        await writeAudit(tx, {
          at: clock.now(),
          actor,
          action: 'connection.saved',
          subject: `connection:${input.id}`,
          detail: { connector: input.connector, secretsChanged: input.secrets !== undefined },
        });
      });
      parts.wake();
    },
    async removeConnection(id, actor) {
      await stored(id);
      const flows = await flowsUsing(db, id);
      if (flows.length > 0)
        throw refuse('CONNECTION_IN_USE', `The connection “${id}” is used by ${flows.join(', ')}.`, [
          'Pause it instead: what was imported stays explainable.',
        ]);
      await inTransaction(db, async (tx) => {
        await removeConnectionRow(tx, id);
        await writeAudit(tx, {
          at: clock.now(),
          actor,
          action: 'connection.removed',
          subject: `connection:${id}`,
        });
      });
    },
    async setConnectionState(id, state, actor) {
      await stored(id);
      await inTransaction(db, async (tx) => {
        await setConnectionRowState(
          tx,
          id,
          state,
          state === 'paused' ? { code: 'PAUSED', message: `Paused by ${actor}.` } : undefined,
          clock.now(),
        );
        await writeAudit(tx, {
          at: clock.now(),
          actor,
          action: `connection.${state === 'paused' ? 'paused' : 'resumed'}`,
          subject: `connection:${id}`,
        });
      });
      parts.wake();
    },
    async choices(connectionId, kind, search) {
      await stored(connectionId);
      return (await sessions.erp(connectionId)).session.choices(kind, search);
    },
    async makeCertificate(connectionId, actor) {
      const row = await stored(connectionId);
      const made = await generateCertificate({
        commonName: `crossdock-${connectionId}`,
        notBefore: clock.now(),
      });
      const known = (await readSecrets(db, vault, connectionId)) as object | undefined;
      await inTransaction(db, async (tx) => {
        await saveConnectionRow(
          tx,
          vault,
          { ...row, secrets: { ...known, privateKeyPem: made.privateKeyPem } },
          clock.now(),
        );
        await writeAudit(tx, {
          at: clock.now(),
          actor,
          action: 'connection.certificate-made',
          subject: `connection:${connectionId}`,
          detail: { expiresAt: made.expiresAt },
        });
      });
      return { certificatePem: made.certificatePem, expiresAt: made.expiresAt };
    },
  };
}

function flowOperations(
  parts: OperateParts,
): Pick<Operations, 'saveFlow' | 'setFlowState' | 'runFlow' | 'schemas'> {
  const { db, clock } = parts;
  return {
    async saveFlow(input, actor) {
      const kind = flowKinds[input.kind];
      if (!kind)
        throw refuse('FLOW_KIND_UNKNOWN', `There is no kind of flow “${input.kind}”.`, [
          `Use one of: ${Object.keys(flowKinds).join(', ')}.`,
        ]);
      const settings = parse(kind.settings as never, input.settings, `settings of ${input.kind}`);
      const id = input.id ?? `${input.channelConnectionId}:${input.kind}`;
      await inTransaction(db, async (tx) => {
        await saveFlowRow(
          tx,
          {
            id,
            kind: input.kind,
            channelConnectionId: input.channelConnectionId,
            erpConnectionId: input.erpConnectionId,
            settings,
          },
          clock.now(),
        );
        await writeAudit(tx, {
          at: clock.now(),
          actor,
          action: 'flow.saved',
          subject: `flow:${id}`,
          detail: { settings },
        });
      });
      parts.wake();
      return id;
    },
    async setFlowState(flowId, state, actor) {
      await flowById(db, flowId);
      await inTransaction(db, async (tx) => {
        await setFlowRowState(
          tx,
          flowId,
          state,
          state === 'paused' ? `Paused by ${actor}.` : null,
          clock.now(),
        );
        await writeAudit(tx, {
          at: clock.now(),
          actor,
          action: `flow.${state === 'paused' ? 'paused' : 'resumed'}`,
          subject: `flow:${flowId}`,
        });
      });
      parts.wake();
    },
    async runFlow(flowId, request, actor) {
      const flow = await flowById(db, flowId);
      const now = clock.now();
      const runId = await beginRun(db, flowId, request.ids ? 'orders-by-id' : request.task, actor, now);
      const since = request.from ?? now;
      if (request.ids)
        await wantOrders(
          db,
          flowId,
          request.ids.map((key) => ({
            key,
            reason: 'asked' as const,
            priority: 0 as const,
            wantedSince: now,
          })),
          now,
        );
      else {
        // A window is read by moving the task's own cursor back to its beginning; what is known already changes nothing.
        if (request.from)
          await moveCursor(db, flowId, cursorOf(request.task), { from: since.toISOString() }, now);
        if (!(await hastenTask(db, flowId, request.task, now)))
          throw refuse('TASK_UNKNOWN', `The flow “${flowId}” has no task “${request.task}”.`, [
            `Use one of: ${flowKinds[flow.kind]!.tasks(flow.settings as never)
              .map((task) => task.name)
              .join(', ')}.`,
          ]);
      }
      await endRun(db, runId, {
        at: now,
        outcome: 'done',
        counts: request.ids ? { asked: request.ids.length } : {},
      });
      await writeAudit(db, {
        at: now,
        actor,
        action: 'flow.run',
        subject: `flow:${flowId}`,
        detail: {
          task: request.task,
          ids: request.ids?.length ?? 0,
          from: request.from?.toISOString() ?? null,
        },
      });
      parts.wake();
      return { runId: runId.toString() };
    },
    schemas() {
      const json = (schema: unknown) =>
        z.toJSONSchema(schema as z.ZodType, { io: 'input', unrepresentable: 'any' });
      const both = { ...channels, ...erps };
      return {
        connectors: Object.fromEntries(
          Object.entries(both).map(([id, connector]) => [
            id,
            {
              title: connector.title,
              side: id in channels ? ('channel' as const) : ('erp' as const),
              settings: json(connector.settings),
              secrets: json(connector.secrets),
            },
          ]),
        ),
        flows: Object.fromEntries(
          Object.entries(flowKinds).map(([id, kind]) => [
            id,
            { title: kind.title, settings: json(kind.settings) },
          ]),
        ),
      };
    },
  };
}

/** Tasks that read by a cursor of another name than their own. */
function cursorOf(task: string): string {
  return task === 'erp-cancellations' ? 'cancellations' : task;
}

function mappingOperations(
  parts: OperateParts,
): Pick<
  Operations,
  'previewChange' | 'saveLookup' | 'removeLookup' | 'saveOverride' | 'removeOverride' | 'mappingFields'
> {
  const { db, vault, clock } = parts;
  return {
    async previewChange(flowId, change, last) {
      const flow = await openOrders(parts, flowId);
      const changed = await withChange(flow, change);
      const records = await ordersOf(db, flowId, undefined, last);
      const documents = await readDocuments(
        db,
        vault,
        records.map((record) => record.documentId),
      );
      return comparePlans(
        flow,
        changed,
        records.flatMap((record) => {
          const document = documents.get(record.documentId);
          return document
            ? [
                {
                  id: record.id.toString(),
                  key: record.key,
                  raw: flow.channel.orders!.joinPersonal(document.kept, document.personal),
                },
              ]
            : [];
        }),
      );
    },
    async saveLookup(connectionId, row, actor) {
      await inTransaction(db, async (tx) => {
        await saveLookupRow(tx, connectionId, { multiplier: 1, note: '', ...row }, actor, clock.now());
        // Records that wait for just this row go on by themselves: the cause is gone.
        const waiting = await reopenableRecords(tx, connectionId, row.name, row.key);
        if (waiting.length > 0) await requeueRecords(tx, { ids: waiting }, clock.now(), actor);
        await writeAudit(tx, {
          at: clock.now(),
          actor,
          action: 'lookup.saved',
          subject: `lookup:${row.name}/${row.key}`,
          detail: {
            connection: connectionId,
            value: row.value,
            multiplier: row.multiplier ?? 1,
            retried: waiting.length,
          },
        });
      });
      parts.wake();
    },
    async removeLookup(connectionId, name, key, actor) {
      await inTransaction(db, async (tx) => {
        await removeLookupRow(tx, connectionId, name, key);
        await writeAudit(tx, {
          at: clock.now(),
          actor,
          action: 'lookup.removed',
          subject: `lookup:${name}/${key}`,
          detail: { connection: connectionId },
        });
      });
    },
    async saveOverride(flowId, override, actor) {
      await flowById(db, flowId);
      assertOverride(override);
      await inTransaction(db, async (tx) => {
        await saveOverrideRow(tx, flowId, override, actor, clock.now());
        await writeAudit(tx, {
          at: clock.now(),
          actor,
          action: 'override.saved',
          subject: `flow:${flowId}/${override.field}`,
          detail: { kind: override.kind, value: override.value },
        });
      });
    },
    async removeOverride(flowId, field, actor) {
      await inTransaction(db, async (tx) => {
        await retireOverrideRow(tx, flowId, field, actor, clock.now());
        await writeAudit(tx, {
          at: clock.now(),
          actor,
          action: 'override.removed',
          subject: `flow:${flowId}/${field}`,
        });
      });
    },
    async mappingFields(flowId) {
      const flow = await flowById(db, flowId);
      if (flow.kind !== 'orders.import') return [];
      const overrides = await readOverrides(db, flowId);
      return Object.entries(overridableFields).map(([field, rule]) => {
        const override = overrides.find((candidate) => candidate.field === field);
        return {
          field,
          rule,
          ...(override
            ? {
                override: {
                  kind: override.kind,
                  value: override.value,
                  by: override.by,
                  at: override.at.toISOString(),
                },
              }
            : {}),
        };
      });
    },
  };
}

function assertOverride(override: {
  readonly field: string;
  readonly kind: string;
  readonly value: string;
}): void {
  if (!(override.field in overridableFields))
    throw refuse('FIELD_UNKNOWN', `“${override.field}” cannot be overridden.`, [
      `Use one of: ${Object.keys(overridableFields).join(', ')}.`,
    ]);
  const expression =
    override.kind === 'expression'
      ? override.value
      : override.kind === 'lookup'
        ? override.value.split(/ by (.*)/s)[1]
        : undefined;
  if (override.kind === 'lookup' && expression === undefined)
    throw refuse(
      'OVERRIDE_INVALID',
      'A lookup override is written “table by expression”, e.g. location-by-state by order.shipTo.state.',
    );
  const fault = expression === undefined ? undefined : expressionFault(expression);
  if (fault !== undefined)
    throw refuse('EXPRESSION_INVALID', `The expression cannot be used: ${fault}.`, [
      'Correct it; the preview shows its value for real orders.',
    ]);
}

/** The same flow as it would be after a change that is not saved. */
async function withChange(
  flow: OpenFlow<OrdersSettings>,
  change: MappingChange,
): Promise<OpenFlow<OrdersSettings>> {
  for (const override of change.overrides ?? []) assertOverride(override);
  const settings =
    change.settings === undefined ? flow.settings : parse(ordersSettings, change.settings, 'settings');
  const lookups = new Map([...(await flow.lookups())].map(([name, table]) => [name, new Map(table)]));
  for (const row of change.lookups ?? []) {
    const table = lookups.get(row.name) ?? new Map<string, { value: string; multiplier: number }>();
    table.set(row.key, { value: row.value, multiplier: row.multiplier ?? 1 });
    lookups.set(row.name, table);
  }
  const replaced = new Set((change.overrides ?? []).map((override) => override.field));
  const overrides = [
    ...(await flow.overrides()).filter((override) => !replaced.has(override.field)),
    ...(change.overrides ?? []).map((override) => ({
      ...override,
      id: '0',
      by: 'preview',
      at: flow.clock.now(),
    })),
  ];
  return { ...flow, settings, lookups: async () => lookups, overrides: async () => overrides };
}

interface Candidate {
  readonly id: string;
  readonly key: string;
  readonly raw: unknown;
}

async function comparePlans(
  before: OpenFlow<OrdersSettings>,
  after: OpenFlow<OrdersSettings>,
  candidates: readonly Candidate[],
): Promise<ChangePreview> {
  const orders = candidates.map((candidate) => ({
    candidate,
    order: before.channel.orders!.toOrder(candidate.raw),
  }));
  const [contextBefore, contextAfter] = [
    await contextFor(
      before,
      orders.map(({ order }) => order),
    ),
    await contextFor(
      after,
      orders.map(({ order }) => order),
    ),
  ];
  const changed: ChangePreview['changed'][number][] = [];
  for (const { candidate, order } of orders) {
    const outcome = async (contextOf: (of: typeof order) => Promise<OrderContext>) => {
      try {
        return { draft: plainDraft(orderToDocument(order, await contextOf(order)).draft) };
      } catch (thrown) {
        return { draft: {}, problem: plainProblem(asSyncError(thrown)) };
      }
    };
    const [was, would] = [await outcome(contextBefore), await outcome(contextAfter)];
    const differences = differencesOf(was.draft, would.draft);
    if (differences.length > 0 || (would.problem && !was.problem))
      changed.push({
        recordId: candidate.id,
        channelOrderId: candidate.key,
        differences,
        ...(would.problem ? { problem: would.problem } : {}),
      });
  }
  return { compared: orders.length, changed };
}

/** Leaf values that differ, by path; addresses are compared but not shown. */
export function differencesOf(
  before: unknown,
  after: unknown,
  path = '',
): { path: string; before: unknown; after: unknown }[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const nested = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null;
  if (!nested(before) || !nested(after) || path === 'shipTo')
    return [
      path === 'shipTo'
        ? { path, before: '[address]', after: '[address]' }
        : { path, before: before ?? null, after: after ?? null },
    ];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) =>
    differencesOf(
      before[name],
      after[name],
      Array.isArray(before) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`,
    ),
  );
}

function problemOperations({
  db,
  clock,
}: OperateParts): Pick<Operations, 'ignoreProblem' | 'resolveProblem' | 'assignProblem'> {
  const close = async (
    problemId: string,
    state: 'ignored' | 'resolved',
    reason: string | null,
    actor: string,
  ) =>
    inTransaction(db, async (tx) => {
      if (!(await closeProblemRow(tx, problemId, state, reason, actor, clock.now())))
        throw refuse('PROBLEM_UNKNOWN', `There is no open problem ${problemId}.`);
      await writeAudit(tx, {
        at: clock.now(),
        actor,
        action: `problem.${state}`,
        subject: `problem:${problemId}`,
        detail: { reason },
      });
    });
  return {
    ignoreProblem: (problemId, reason, actor) => close(problemId, 'ignored', reason, actor),
    resolveProblem: (problemId, actor) => close(problemId, 'resolved', null, actor),
    assignProblem: (problemId, assignee, actor) =>
      inTransaction(db, async (tx) => {
        if (!(await assignProblemRow(tx, problemId, assignee)))
          throw refuse('PROBLEM_UNKNOWN', `There is no problem ${problemId}.`);
        await writeAudit(tx, {
          at: clock.now(),
          actor,
          action: 'problem.assigned',
          subject: `problem:${problemId}`,
          detail: { assignee },
        });
      }),
  };
}
