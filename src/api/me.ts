// What does one keep for oneself? Name and language, password, second factor, sessions.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { writeAudit } from '../audit/store.ts';
import { inTransaction } from '../db/pool.ts';
import { assertGoodPassword, hashPassword, passwordFits } from '../people/passwords.ts';
import {
  endSessions,
  factorOf,
  listSessions,
  passwordHashOf,
  personById,
  setFactor,
  setPasswordHash,
  spendStep,
  updatePerson,
} from '../people/store.ts';
import { matchingStep, newRecoveryCodes, newSecret, otpauthUri } from '../people/totp.ts';
import { done } from './contract/common.ts';
import {
  factorOffer,
  factorProof,
  ownChange,
  ownSessions,
  passwordChange,
  passwordProof,
  recoveryCodes,
} from './contract/people.ts';
import { refuse } from './refuse.ts';
import { type Api, numberId, route } from './route.ts';
import type { ApiParts } from './server.ts';
import { cookieName, factorContext, hash } from './users/store.ts';

export function addMe(api: Api, { db, vault, clock }: ApiParts): void {
  const audit = (tx: typeof db, request: FastifyRequest, action: string) =>
    writeAudit(tx, {
      at: clock.now(),
      actor: request.caller!.name,
      action,
      subject: `user:${request.caller!.userId}`,
    });
  /** The person who asks: the scope `self` lets nobody else in. */
  const self = async (request: FastifyRequest) =>
    (await personById(db, request.caller!.userId!, clock.now()))!;
  const proven = async (id: bigint, password: string, reply: FastifyReply) => {
    if (await passwordFits(password, await passwordHashOf(db, id))) return true;
    await refuse(
      reply,
      422,
      'PASSWORD_WRONG',
      'This is not your present password.',
      ['Try again.'],
      'password',
    );
    return false;
  };
  const cookieHash = (request: FastifyRequest) => hash(request.cookies[cookieName] ?? '');

  api.get(
    '/me/sessions',
    route('read', 'Where I am signed in', { answer: ownSessions }),
    async (request) => ({
      items:
        request.caller!.userId === undefined
          ? []
          : await listSessions(db, request.caller!.userId, cookieHash(request), clock.now()),
      next: null,
    }),
  );
  api.delete('/me/sessions', route('self', 'Sign out everywhere else', { answer: done }), async (request) => {
    const person = await self(request);
    await endSessions(db, person.id, { exceptHash: cookieHash(request) });
    await audit(db, request, 'session.ended-others');
    return { ok: true };
  });
  api.delete(
    '/me/sessions/:id',
    route('self', 'End one of my sessions', { params: numberId, answer: done }),
    async (request) => {
      const person = await self(request);
      await endSessions(db, person.id, { id: request.params.id });
      return { ok: true };
    },
  );
  api.patch(
    '/me',
    route('self', 'Change my name or language', { body: ownChange, answer: done }),
    async (request) => {
      const person = await self(request);
      await updatePerson(db, String(person.id), request.body);
      return { ok: true };
    },
  );
  api.post(
    '/me/password',
    route('self', 'Change my password; all my other sessions end', { body: passwordChange, answer: done }),
    async (request, reply) => {
      const person = await self(request);
      if (!(await proven(person.id, request.body.current, reply))) return;
      assertGoodPassword(request.body.password, person);
      const made = await hashPassword(request.body.password);
      await inTransaction(db, async (tx) => {
        await setPasswordHash(tx, person.id, made, clock.now());
        await endSessions(tx, person.id, { exceptHash: cookieHash(request) });
        await audit(tx, request, 'password.changed');
      });
      return { ok: true };
    },
  );
  api.post(
    '/me/factor',
    route('self', 'Begin a second factor: the secret for the app', {
      body: passwordProof,
      answer: factorOffer,
    }),
    async (request, reply) => {
      const person = await self(request);
      if (!(await proven(person.id, request.body.password, reply))) return;
      if (person.hasFactor)
        return refuse(reply, 409, 'FACTOR_SET', 'A second factor is set up already.', ['Remove it first.']);
      const secret = newSecret();
      await setFactor(db, person.id, {
        sealed: vault.seal(secret, factorContext(person.id)),
        since: null,
        recovery: [],
      });
      return { secret, uri: otpauthUri(secret, person.email) };
    },
  );
  api.post(
    '/me/factor/proof',
    route('self', 'Prove the second factor by its present number; answers recovery codes', {
      body: factorProof,
      answer: recoveryCodes,
    }),
    async (request, reply) => {
      const person = await self(request);
      const factor = await factorOf(db, person.id);
      if (!factor.sealed || factor.since)
        return refuse(reply, 409, 'FACTOR_NOT_BEGUN', 'There is no second factor to prove.', [
          'Begin one first.',
        ]);
      const secret = vault.open(factor.sealed, factorContext(person.id)).toString();
      const step = matchingStep(secret, request.body.code, clock.now(), factor.lastStep);
      if (step === undefined)
        return refuse(
          reply,
          422,
          'CODE_WRONG',
          'This number does not fit.',
          ['Take the number that the app shows now; check that the clock of the phone is right.'],
          'code',
        );
      const codes = newRecoveryCodes();
      await inTransaction(db, async (tx) => {
        await spendStep(tx, person.id, step);
        await setFactor(tx, person.id, {
          sealed: factor.sealed,
          since: clock.now(),
          recovery: codes.map(hash),
        });
        await audit(tx, request, 'factor.set');
      });
      return { codes };
    },
  );
  api.delete(
    '/me/factor',
    route('self', 'Remove my second factor', {
      body: z.object({ password: z.string().max(200) }),
      answer: done,
    }),
    async (request, reply) => {
      const person = await self(request);
      if (!(await proven(person.id, request.body.password, reply))) return;
      await inTransaction(db, async (tx) => {
        await setFactor(tx, person.id, { sealed: null, since: null, recovery: [] });
        await audit(tx, request, 'factor.removed');
      });
      return { ok: true };
    },
  );
}
