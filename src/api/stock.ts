// What is offered, why this much, and what may be done about it?
import { z } from 'zod';
import { writeAudit } from '../audit/store.ts';
import { inTransaction } from '../db/pool.ts';
import { saveListingRules, setStopSell, tellOnceMore } from '../stock/listings/store.ts';
import { done } from './contract/common.ts';
import { stockDetail, stockPage, stockQuery, stockRules, stockSummary } from './contract/stock.ts';
import { listStock, readStock, stockCounts } from './reads/stock/store.ts';
import { refuse } from './refuse.ts';
import { type Api, given, id, route } from './route.ts';
import type { ApiParts } from './server.ts';

const listing = z.object({ connectionId: z.string().min(1).max(120), sku: z.string().min(1).max(80) });

export function addStock(api: Api, { db, clock }: ApiParts): void {
  api.get(
    '/stock',
    route('read', 'Listings with their figures, by SKU', { querystring: stockQuery, answer: stockPage }),
    (request) => listStock(db, request.query),
  );
  api.get(
    '/stock/summary',
    route('read', 'How many listings stand how, and the emergency stops', { answer: stockSummary }),
    () => stockCounts(db),
  );
  api.get(
    '/stock/:connectionId/:sku',
    route('read', 'One listing: why it shows this much, what it was told', {
      params: listing,
      answer: stockDetail,
    }),
    async (request, reply) =>
      (await readStock(db, request.params.connectionId, request.params.sku)) ??
      refuseUnknown(reply, request.params.sku),
  );
  api.put(
    '/stock/:connectionId/:sku/rules',
    route('write', 'Set the stock rules of one SKU', { params: listing, body: stockRules, answer: done }),
    async (request, reply) => {
      const { connectionId, sku } = request.params;
      const saved = await inTransaction(db, async (tx) => {
        const found = await saveListingRules(tx, connectionId, sku, request.body, clock.now());
        if (found)
          await writeAudit(tx, {
            at: clock.now(),
            actor: request.caller!.name,
            action: 'stock-rules.saved',
            subject: `listing:${connectionId}/${sku}`,
            detail: given(request.body),
          });
        return found;
      });
      return saved ? { ok: true } : refuseUnknown(reply, sku);
    },
  );
  api.post(
    '/stock/:connectionId/:sku/tell',
    route('write', 'Send the figure of one SKU once more', { params: listing, answer: done }),
    async (request, reply) => {
      const { connectionId, sku } = request.params;
      return (await tellOnceMore(db, connectionId, sku, clock.now()))
        ? { ok: true }
        : refuseUnknown(reply, sku);
    },
  );
  api.post(
    '/flows/:id/stop-sell',
    route('write', 'Emergency stop: show no stock on any listing of the channel, or end the stop', {
      params: id,
      body: z.object({ on: z.boolean() }),
      answer: done,
    }),
    async (request, reply) => {
      const found = await inTransaction(db, async (tx) => {
        const stopped = await setStopSell(tx, request.params.id, request.body.on, clock.now());
        if (stopped)
          await writeAudit(tx, {
            at: clock.now(),
            actor: request.caller!.name,
            action: request.body.on ? 'stock.stopped' : 'stock.released',
            subject: `flow:${request.params.id}`,
          });
        return stopped;
      });
      return found
        ? { ok: true }
        : refuse(reply, 404, 'FLOW_UNKNOWN', `There is no stock flow ${request.params.id}.`, [
            'List the flows with: crossdock flows list',
          ]);
    },
  );
}

const refuseUnknown = (reply: Parameters<typeof refuse>[0], sku: string) =>
  refuse(reply, 404, 'LISTING_UNKNOWN', `There is no merchant-fulfilled listing ${sku}.`, [
    'Read the listings again under Flows → Send stock, or check the SKU.',
  ]);
