// What was shipped? Item fulfilments of channel orders, status Shipped, new or edited: three queries for any number of them.
import type { Fulfilment } from '../../core/shipment.ts';
import type { FulfilmentSource } from '../erp.ts';
import type { NetSuiteParts } from './documents.ts';
import { inLists, marks, type Row, suiteql } from './suiteql.ts';

/** How far each reading looks back behind the newest change seen: NetSuite stores seconds, and saves commit late. */
const overlapMs = 60_000;

export function fulfilmentSource({ client, settings, time }: NetSuiteParts): FulfilmentSource {
  return {
    async changedSince(from) {
      const orderColumn = settings.fields.orderId || 'otherrefnum';
      const ours = settings.fields.channel
        ? `so.${settings.fields.channel} IS NOT NULL`
        : "so.externalid LIKE 'XD-%'";
      const headers = await suiteql(
        client,
        `SELECT t.id, t.tranid, t.externalid, TO_CHAR(t.trandate,'YYYY-MM-DD') AS shippedon, t.shipmethod, s.itemid AS shipmethodname, so.id AS orderid, so.${orderColumn} AS channelorder,
          TO_CHAR(SYS_EXTRACT_UTC(t.lastmodifieddate),'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS modified
          FROM transaction t JOIN (SELECT DISTINCT previousdoc, nextdoc FROM NextTransactionLineLink) k ON k.nextdoc = t.id
          JOIN transaction so ON so.id = k.previousdoc AND so.type = 'SalesOrd' LEFT JOIN shipitem s ON s.id = t.shipmethod
          WHERE t.type = 'ItemShip' AND t.status = 'C' AND ${ours} AND t.lastmodifieddate >= TO_TIMESTAMP(?, 'YYYY-MM-DD HH24:MI:SS') ORDER BY t.id`,
        [await time.literal(from)],
        'shipped fulfilments',
      );
      const ids = headers.flatMap((row) => (row['id'] ? [row['id']] : []));
      const [lines, trackings] = await Promise.all([linesOf(ids), trackingOf(ids)]);
      const read = headers
        .filter((row) => row['channelorder'])
        .map((row) => toFulfilment(row, lines, trackings));
      const fulfilments = (await Promise.all(read.map(described))).sort(
        (a, b) => a.modifiedAt.getTime() - b.modifiedAt.getTime(),
      );
      const newest = fulfilments.at(-1)?.modifiedAt.getTime();
      return {
        fulfilments,
        seenUntil: newest === undefined ? from : new Date(Math.max(from.getTime(), newest - overlapMs)),
      };
    },
  };

  /** Only the record itself tells what packers wrote on each parcel; asked for where there are several. */
  async function described(fulfilment: Fulfilment): Promise<Fulfilment> {
    if (fulfilment.packages.length < 2) return fulfilment;
    const answer = await client({
      method: 'GET',
      path: `/services/rest/record/v1/itemFulfillment/${fulfilment.id}?expandSubResources=true`,
      about: `fulfilment ${fulfilment.number}`,
    });
    if (answer.status >= 400) return fulfilment;
    const parcels = parcelsIn(answer.json() as Record<string, unknown>);
    return {
      ...fulfilment,
      packages: fulfilment.packages.map((parcel) => ({
        ...parcel,
        ...parcels.get(parcel.trackingNumber),
      })),
    };
  }

  async function linesOf(ids: readonly string[]): Promise<readonly Row[]> {
    const lineId = settings.fields.lineId ? `, ol.${settings.fields.lineId} AS channelline` : '';
    const lists = await Promise.all(
      inLists(ids).map((list) =>
        suiteql(
          client,
          `SELECT fl.transaction, fl.id, fl.item, i.itemid, fl.quantity${lineId} FROM transactionline fl
            LEFT JOIN item i ON i.id = fl.item
            JOIN NextTransactionLineLink k ON k.nextdoc = fl.transaction AND k.nextline = fl.id
            JOIN transactionline ol ON ol.transaction = k.previousdoc AND ol.id = k.previousline
            WHERE fl.transaction IN (${marks(list.length)}) AND fl.mainline = 'F' AND fl.taxline = 'F' AND NVL(fl.kitcomponent,'F') = 'F' AND NVL(fl.iscogs,'F') = 'F' ORDER BY fl.transaction, fl.id`,
          list,
          'lines of fulfilments',
        ),
      ),
    );
    return lists.flat();
  }

  async function trackingOf(ids: readonly string[]): Promise<readonly Row[]> {
    const lists = await Promise.all(
      inLists(ids).map((list) =>
        suiteql(
          client,
          `SELECT m.transaction, tn.id, tn.trackingnumber FROM TrackingNumberMap m JOIN trackingnumber tn ON tn.id = m.trackingnumber WHERE m.transaction IN (${marks(list.length)}) ORDER BY m.transaction, tn.id`,
          list,
          'tracking numbers',
        ),
      ),
    );
    return lists.flat();
  }
}

/** Each carrier integration has a sublist of its own, its fields named after it (netsuite.md §1.9 rule 8). */
const carriers = ['', 'Ups', 'FedEx', 'Fedex', 'Usps'];

function parcelsIn(
  record: Record<string, unknown>,
): ReadonlyMap<string, { readonly description?: string; readonly weight?: number }> {
  const parcels = new Map<string, { description?: string; weight?: number }>();
  for (const carrier of carriers) {
    const list = record[`package${carrier}`] as { items?: readonly Record<string, unknown>[] } | undefined;
    for (const one of list?.items ?? []) {
      const of = (name: string) => one[`package${name}${carrier}`] ?? one[`package${name}`];
      const [tracking, description, weight] = [of('TrackingNumber'), of('Descr'), Number(of('Weight'))];
      if (typeof tracking === 'string')
        parcels.set(tracking, {
          ...(typeof description === 'string' && description !== '' ? { description } : {}),
          ...(weight > 0 ? { weight } : {}),
        });
    }
  }
  return parcels;
}

function toFulfilment(header: Row, lines: readonly Row[], trackings: readonly Row[]): Fulfilment {
  const id = header['id'] ?? '';
  return {
    id,
    number: header['tranid'] ?? id,
    ...(header['externalid'] ? { externalId: header['externalid'] } : {}),
    orderRemoteId: header['orderid'] ?? '',
    channelOrderId: header['channelorder'] ?? '',
    shippedOn: new Date(`${header['shippedon'] ?? '1970-01-01'}T12:00:00Z`),
    modifiedAt: new Date(header['modified'] ?? 0),
    lines: lines
      .filter((line) => line['transaction'] === id && Number(line['quantity'] ?? 0) !== 0)
      // Line quantities of fulfilments are negative or positive depending on the side of the posting (netsuite.md §2.3).
      .map((line) => ({
        itemId: line['item'] ?? '',
        ...(line['itemid'] ? { itemName: line['itemid'] } : {}),
        quantity: Math.abs(Number(line['quantity'])),
        ...(line['channelline'] ? { channelLineId: line['channelline'] } : {}),
      })),
    packages: trackings
      .filter((one) => one['transaction'] === id && one['trackingnumber'])
      .map((one) => ({ trackingNumber: one['trackingnumber']! })),
    ...(header['shipmethod']
      ? { shipMethod: { id: header['shipmethod'], name: header['shipmethodname'] ?? header['shipmethod'] } }
      : {}),
  };
}
