// Which buyers' data is kept, until when, who has looked at it, and how is it removed on request?

import { erasePersonal, personalKept as readKept } from '../archive/personal/store.ts';
import { writeAudit } from '../audit/store.ts';
import { inTransaction } from '../db/pool.ts';
import { erased, erasure, personalKept } from './contract/people.ts';
import { type Api, route } from './route.ts';
import type { ApiParts } from './server.ts';

export function addPersonal(api: Api, { db, clock }: ApiParts): void {
  api.get(
    '/personal',
    route('admin', 'What buyers’ data is kept until when, and who has looked at it', {
      answer: personalKept,
    }),
    () => readKept(db, clock.now()),
  );
  api.post(
    '/personal/erase',
    route('admin', 'Remove the buyer’s data of one order for good', { body: erasure, answer: erased }),
    async (request) =>
      inTransaction(db, async (tx) => {
        const documents = await erasePersonal(tx, request.body.orderId);
        await writeAudit(tx, {
          at: clock.now(),
          actor: request.caller!.name,
          action: 'personal.erased',
          subject: `order:${request.body.orderId}`,
          detail: { documents },
        });
        return { documents };
      }),
  );
}
