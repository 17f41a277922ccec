// What may be done with flows: save, pause, run now; and the schemas that forms are drawn from.
import { z } from 'zod';
import { writeAudit } from '../../audit/store.ts';
import { inTransaction } from '../../db/pool.ts';
import {
  beginRun,
  endRun,
  hastenTask,
  moveCursor,
  saveFlowRow,
  setFlowRowState,
  wantOrders,
} from '../../engine/tasks/store.ts';
import { channels, erps, flowKinds } from '../connectors.ts';
import type { Operations } from '../operations.ts';
import { parse } from '../sessions.ts';
import { flowById, type OperateParts, refuse } from './parts.ts';

export function flowOperations(
  parts: OperateParts,
): Pick<Operations, 'saveFlow' | 'setFlowState' | 'runFlow' | 'schemas' | 'marketplaces'> {
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
    marketplaces: () =>
      Object.values(channels).flatMap((channel) =>
        channel.marketplaces.map(({ id, name, currency }) => ({ id, name, currency, channel: channel.id })),
      ),
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
