// Who may come in, and with what rights? Owners and administrators invite, change, disable; no change leaves the house
// without an owner, and nobody gives what they do not have.

import { z } from 'zod';
import { writeAudit } from '../audit/store.ts';
import { inTransaction } from '../db/pool.ts';
import { saveHouse } from '../house/store.ts';
import { createLink, openInvitations, withdrawInvitation } from '../people/links/store.ts';
import {
  countOwners,
  endSessions,
  listPeople,
  type Person,
  personById,
  setFactor,
  updatePerson,
} from '../people/store.ts';
import { done } from './contract/common.ts';
import { invitationInput, names, oneTimeLink, people, personChange, policy } from './contract/people.ts';
import { csvOf, sendCsv } from './csv.ts';
import { factorRequired } from './house-policy.ts';
import { refuse } from './refuse.ts';
import { type Api, numberId, route } from './route.ts';
import type { ApiParts } from './server.ts';
import type { Caller } from './users/store.ts';

/** Why this caller may not make this change, or undefined. Only owners touch owners. */
async function objection(
  { db }: ApiParts,
  caller: Caller,
  person: Person,
  change: z.infer<typeof personChange>,
): Promise<{ code: string; title: string; step: string } | undefined> {
  const isOwner = caller.scopes.includes('owner');
  if (!isOwner && (person.role === 'owner' || change.role === 'owner'))
    return {
      code: 'OWNER_ONLY',
      title: 'Only an owner may change owners or make them.',
      step: 'Ask an owner of this installation.',
    };
  const leaves = change.disabled === true || (change.role !== undefined && change.role !== 'owner');
  if (person.role === 'owner' && leaves && (await countOwners(db, String(person.id))) === 0)
    return {
      code: 'LAST_OWNER',
      title: `${person.name} is the last owner who can sign in.`,
      step: 'Make another person owner first.',
    };
  return undefined;
}

export function addPeople(api: Api, parts: ApiParts): void {
  const { db, vault, clock } = parts;
  const audit = (tx: typeof db, caller: Caller, action: string, subject: string, detail: object = {}) =>
    writeAudit(tx, { at: clock.now(), actor: caller.name, action, subject, detail: { ...detail } });
  const linkUrl = (request: { protocol: string; host: string }, link: string) =>
    `${parts.publicUrl ?? `${request.protocol}://${request.host}`}/setup?link=${link}`;

  api.get('/people/names', route('read', 'Whom problems can be given to', { answer: names }), async () => ({
    items: (await listPeople(db, clock.now())).filter((one) => !one.disabledAt).map((one) => one.name),
    next: null,
  }));
  api.get(
    '/people',
    route('admin', 'People, their roles and rights, and open invitations', { answer: people }),
    async () => {
      const now = clock.now();
      return {
        items: await listPeople(db, now),
        next: null,
        invitations: await openInvitations(db, now),
        requireFactor: await factorRequired(db),
      };
    },
  );
  api.get(
    '/people/access-review.csv',
    route('admin', 'Who may do what, for the regular review of access', { answer: z.string() }),
    async (request, reply) => {
      await audit(db, request.caller!, 'people.exported', 'people');
      return sendCsv(
        reply,
        'crossdock-access-review.csv',
        csvOf((await listPeople(db, clock.now())) as never, [
          'email',
          'name',
          'role',
          'seesPersonal',
          'editsDocuments',
          'approvesPostings',
          'hasFactor',
          'lastSeenAt',
          'passwordChangedAt',
          'createdAt',
          'disabledAt',
          'sessions',
        ]),
      );
    },
  );
  api.post(
    '/people/invitations',
    route('admin', 'Invite a person by a link that works once', {
      body: invitationInput,
      answer: oneTimeLink,
    }),
    async (request, reply) => {
      const { email, name, role, ...rights } = request.body;
      const caller = request.caller!;
      if (role === 'owner' && !caller.scopes.includes('owner'))
        return refuse(reply, 403, 'OWNER_ONLY', 'Only an owner may change owners or make them.', [
          'Ask an owner of this installation.',
        ]);
      const address = email.toLowerCase();
      if ((await listPeople(db, clock.now())).some((person) => person.email === address))
        return refuse(reply, 409, 'PERSON_KNOWN', `${address} has an account already.`, [
          'Change its role or rights instead.',
        ]);
      const all = role === 'owner';
      const made = await inTransaction(db, async (tx) => {
        await audit(tx, caller, 'person.invited', `user:${address}`, { role, ...rights });
        return createLink(tx, {
          purpose: 'invite',
          invited: {
            email: address,
            name,
            role,
            seesPersonal: rights.seesPersonal ?? all,
            editsDocuments: rights.editsDocuments ?? all,
            approvesPostings: rights.approvesPostings ?? all,
          },
          createdBy: caller.name,
          now: clock.now(),
        });
      });
      const url = linkUrl(request, made.link);
      const mailed = await parts.operations.mailLink({
        purpose: 'invite',
        email: address,
        name,
        url,
        by: caller.name,
      });
      return { url, expiresAt: made.expiresAt, mailed };
    },
  );
  api.delete(
    '/people/invitations/:email',
    route('admin', 'Withdraw an invitation', {
      params: z.object({ email: z.string().max(200) }),
      answer: done,
    }),
    async (request, reply) => {
      const { email } = request.params;
      if (!(await withdrawInvitation(db, email, clock.now())))
        return refuse(reply, 404, 'INVITATION_UNKNOWN', `There is no open invitation for ${email}.`, [
          'Reload the list: it may have been used meanwhile.',
        ]);
      await audit(db, request.caller!, 'person.uninvited', `user:${email}`);
      return { ok: true };
    },
  );
  api.patch(
    '/people/:id',
    route('admin', 'Change a person’s role or rights, disable or enable', {
      params: numberId,
      body: personChange,
      answer: done,
    }),
    async (request, reply) => {
      const { id } = request.params;
      const { disabled, removeFactor, ...change } = request.body;
      const person = await personById(db, id, clock.now());
      if (!person)
        return refuse(reply, 404, 'PERSON_UNKNOWN', 'There is no such person.', ['Reload the list.']);
      const no = await objection(parts, request.caller!, person, request.body);
      if (no) return refuse(reply, 403, no.code, no.title, [no.step]);
      await inTransaction(db, async (tx) => {
        await updatePerson(tx, id, {
          ...change,
          ...(disabled === undefined ? {} : { disabledAt: disabled ? clock.now() : null }),
        });
        if (disabled) await endSessions(tx, id, {});
        if (removeFactor) await setFactor(tx, BigInt(id), { sealed: null, since: null, recovery: [] });
        await audit(tx, request.caller!, 'person.changed', `user:${person.email}`, request.body);
      });
      return { ok: true };
    },
  );
  api.post(
    '/people/:id/reset',
    route('admin', 'Make a link by which a person sets a new password', {
      params: numberId,
      answer: oneTimeLink,
    }),
    async (request, reply) => {
      const { id } = request.params;
      const caller = request.caller!;
      const person = await personById(db, id, clock.now());
      if (!person)
        return refuse(reply, 404, 'PERSON_UNKNOWN', 'There is no such person.', ['Reload the list.']);
      const no = await objection(parts, caller, person, {});
      if (no) return refuse(reply, 403, no.code, no.title, [no.step]);
      const made = await inTransaction(db, async (tx) => {
        await audit(tx, caller, 'person.reset', `user:${person.email}`);
        return createLink(tx, { purpose: 'reset', userId: id, createdBy: caller.name, now: clock.now() });
      });
      const url = linkUrl(request, made.link);
      const { email, name } = person;
      const mailed = await parts.operations.mailLink({ purpose: 'reset', email, name, url, by: caller.name });
      return { url, expiresAt: made.expiresAt, mailed };
    },
  );
  api.post(
    '/people/:id/sign-out',
    route('admin', 'End all sessions of a person', { params: numberId, answer: done }),
    async (request) => {
      await endSessions(db, request.params.id, {});
      await audit(db, request.caller!, 'person.signed-out', `user:${request.params.id}`);
      return { ok: true };
    },
  );
  api.put(
    '/people/policy',
    route('admin', 'Ask everybody for a second factor, or not', { body: policy, answer: done }),
    async (request, reply) => {
      const caller = request.caller!;
      if (request.body.requireFactor && !caller.hasFactor)
        return refuse(reply, 422, 'FACTOR_FIRST', 'Set up your own second factor first.', [
          'Open your profile: without it this rule would lock you out.',
        ]);
      await inTransaction(db, async (tx) => {
        await saveHouse(tx, vault, 'people', { value: request.body, by: caller.name, now: clock.now() });
        await audit(tx, caller, 'house.policy', 'people', request.body);
      });
      return { ok: true };
    },
  );
}
