// Who comes in? Sign-in, the first owner, who am I.

import type { FastifyReply } from 'fastify';
import { writeAudit } from '../audit/store.ts';
import { inTransaction } from '../db/pool.ts';
import { done } from './contract/common.ts';
import { credentials, entrance, health, me, ownerInput, signedIn } from './contract/session.ts';
import { type Api, route } from './route.ts';
import { type ApiParts, cookieName, refuse } from './server.ts';
import { hasUsers, signIn, signOut, useOwnerLink } from './users/store.ts';

export function addSession(api: Api, { db, clock, demo, publicUrl }: ApiParts): void {
  api.get('/health', route('open', 'Is the server there?', { answer: health }), async () => ({ ok: true }));
  api.get(
    '/session',
    route('open', 'Is there an owner yet, and is this the demo world?', { answer: entrance }),
    async () => ({ needsOwner: !(await hasUsers(db)), demo }),
  );
  api.get('/me', route('read', 'Who am I, and what may I do?', { answer: me }), async (request) => ({
    name: request.caller!.name,
    scopes: request.caller!.scopes,
    csrf: request.caller!.csrf ?? null,
    demo,
    seesPersonal: request.caller!.seesPersonal,
  }));
  const enter = async (reply: FastifyReply, email: string, password: string) => {
    const session = await signIn(db, email, password, clock.now());
    if (session === 'locked')
      return refuse(
        reply,
        429,
        'LOCKED_OUT',
        'Too many wrong passwords: this account is locked for an hour.',
        ['Wait, or ask another owner.'],
      );
    if (session === 'refused')
      return refuse(reply, 401, 'PASSWORD_WRONG', 'E-mail address and password do not fit.', [
        'Check both and try again.',
      ]);
    reply.setCookie(cookieName, session.cookie, {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: publicUrl?.startsWith('https:') ?? false,
    });
    return { csrf: session.csrf };
  };
  api.post('/session', route('open', 'Sign in', { body: credentials, answer: signedIn }), (request, reply) =>
    enter(reply, request.body.email, request.body.password),
  );
  api.post(
    '/setup',
    route('open', 'Make the first owner’s account with the one-time link', {
      body: ownerInput,
      answer: signedIn,
    }),
    async (request, reply) => {
      const { link, email, name, password } = request.body;
      const made = await inTransaction(db, async (tx) => {
        const used = await useOwnerLink(tx, link, { email, name, password }, clock.now());
        if (used)
          await writeAudit(tx, {
            at: clock.now(),
            actor: name,
            action: 'user.made',
            subject: `user:${email}`,
            detail: { role: 'owner' },
          });
        return used;
      });
      if (!made)
        return refuse(reply, 410, 'LINK_SPENT', 'This link was used already or is too old.', [
          'Start Crossdock again: it prints a new link while there is no owner.',
        ]);
      return enter(reply, email, password);
    },
  );
  api.delete('/session', route('read', 'Sign out', { answer: done }), async (request, reply) => {
    await signOut(db, request.cookies[cookieName] ?? '');
    reply.clearCookie(cookieName, { path: '/' });
    return { ok: true };
  });
}
