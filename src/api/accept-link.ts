// What becomes of a one-time link that is used? The first owner, an invited person, or a new password; in one transaction.

import { writeAudit } from '../audit/store.ts';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../db/pool.ts';
import { spendLink } from '../people/links/store.ts';
import { assertGoodPassword, hashPassword } from '../people/passwords.ts';
import { endSessions, personById, setPasswordHash } from '../people/store.ts';
import { createUser } from './users/store.ts';

export interface Accepting {
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

const all = { seesPersonal: true, editsDocuments: true, approvesPostings: true } as const;

/** The address to sign in with, or undefined when the link is spent. An invitation is for its own address alone. */
export async function acceptLink(
  { tx, clock }: { readonly tx: Db; readonly clock: Clock },
  secret: string,
  given: Accepting,
): Promise<string | undefined> {
  const now = clock.now();
  const link = await spendLink(tx, secret, now);
  if (!link) return undefined;
  if (link.purpose === 'reset') {
    const person = await personById(tx, link.userId ?? 0n, now);
    if (!person || person.disabledAt) return undefined;
    assertGoodPassword(given.password, person);
    await setPasswordHash(tx, person.id, await hashPassword(given.password), now);
    await endSessions(tx, person.id, {});
    await writeAudit(tx, {
      at: now,
      actor: person.name,
      action: 'password.reset',
      subject: `user:${person.email}`,
    });
    return person.email;
  }
  const email = (link.invited?.email ?? given.email).toLowerCase();
  const role = link.invited?.role ?? 'owner';
  assertGoodPassword(given.password, { email, name: given.name });
  const made = await createUser(
    tx,
    { ...(link.invited ?? all), email, name: given.name, role, password: given.password },
    now,
  );
  if (!made) return undefined;
  await writeAudit(tx, {
    at: now,
    actor: given.name,
    action: 'user.made',
    subject: `user:${email}`,
    detail: { role, invitedBy: link.createdBy },
  });
  return email;
}
