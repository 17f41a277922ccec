// How does today compare with a usual day?
import { z } from 'zod';
import { marketplacePage, overview } from './contract/overview.ts';
import { readOverview } from './reads/overview/store.ts';
import { type Api, route, whole } from './route.ts';
import type { ApiParts } from './server.ts';

const known = (timeZone: string): boolean => {
  try {
    Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
};

export function addOverview(api: Api, { db, clock, operations }: ApiParts): void {
  api.get(
    '/marketplaces',
    route('read', 'The marketplaces that connectors know, by id', { answer: marketplacePage }),
    async () => whole(operations.marketplaces()),
  );
  api.get(
    '/overview',
    route('read', 'Today against a usual day: orders, times, risks, causes, connections, quotas', {
      querystring: z.object({
        tz: z
          .string()
          .max(60)
          .refine(known, 'is no time zone')
          .default('UTC')
          .describe('IANA name; days and hours are the reader’s.'),
      }),
      answer: overview,
    }),
    (request) => readOverview(db, clock.now(), request.query.tz),
  );
}
