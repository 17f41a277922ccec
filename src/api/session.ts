// Who comes in? Sign-in, the first owner, who am I.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { writeAudit } from '../audit/store.ts';
import { inTransaction } from '../db/pool.ts';
import { peekLink } from '../people/links/store.ts';
import { personById } from '../people/store.ts';
import { acceptLink } from './accept-link.ts';
import { done } from './contract/common.ts';
import { linkInfo } from './contract/people.ts';
import { credentials, entrance, health, me, ownerInput, signedIn } from './contract/session.ts';
import { factorRequired } from './house-policy.ts';
import { refuse } from './refuse.ts';
import { type Api, route } from './route.ts';
import type { ApiParts } from './server.ts';
import { cookieName, hasUsers, signIn, signOut } from './users/store.ts';

const spent = {
  title: 'This link was used already or is too old.',
  steps: [
    'Ask the person who gave it to you for a new one; while there is no owner, start Crossdock again: it prints one.',
  ],
};

export function addSession(api: Api, parts: ApiParts): void {
  const { db, vault, clock, publicUrl } = parts;
  api.get('/health', route('open', 'Is the server there?', { answer: health }), async () => ({ ok: true }));
  api.get(
    '/session',
    route('open', 'Is there an owner yet, and is this the demo world?', { answer: entrance }),
    async () => ({ needsOwner: !(await hasUsers(db)), demo: parts.demo }),
  );
  api.get('/me', route('read', 'Who am I, and what may I do?', { answer: me }), async (request) => {
    const caller = request.caller!;
    const person = caller.userId === undefined ? undefined : await personById(db, caller.userId, clock.now());
    return {
      name: caller.name,
      scopes: caller.scopes,
      csrf: caller.csrf ?? null,
      demo: parts.demo,
      seesPersonal: caller.seesPersonal,
      email: person?.email ?? null,
      role: person?.role ?? null,
      locale: person?.locale ?? null,
      hasFactor: caller.hasFactor,
      needsFactor: !caller.hasFactor && (await factorRequired(db)),
    };
  });
  const enter = async (
    request: FastifyRequest,
    reply: FastifyReply,
    given: { readonly email: string; readonly password: string; readonly code?: string | undefined },
  ) => {
    const agent = String(request.headers['user-agent'] ?? '');
    const session = await signIn(db, vault, { ...given, agent }, clock.now());
    if (session === 'locked')
      return refuse(
        reply,
        429,
        'LOCKED_OUT',
        'Too many wrong passwords: this account is locked for an hour.',
        ['Wait, or ask an owner for a new password.'],
      );
    if (session === 'refused')
      return refuse(reply, 401, 'PASSWORD_WRONG', 'E-mail address and password do not fit.', [
        'Check both and try again.',
      ]);
    if (session === 'code-needed')
      return refuse(
        reply,
        401,
        'CODE_NEEDED',
        'The number of your authenticator app is needed too.',
        ['Enter the six digits that the app shows now, or a recovery code.'],
        'code',
      );
    if (session === 'code-wrong')
      return refuse(
        reply,
        401,
        'CODE_WRONG',
        'This number does not fit.',
        ['Take the number that the app shows now; check that the clock of the phone is right.'],
        'code',
      );
    await writeAudit(db, {
      at: clock.now(),
      actor: given.email.toLowerCase(),
      action: 'session.opened',
      subject: `user:${given.email.toLowerCase()}`,
      detail: { recoveryCode: session.recoveryUsed },
    });
    reply.setCookie(cookieName, session.cookie, {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: publicUrl?.startsWith('https:') ?? false,
    });
    return { csrf: session.csrf };
  };
  api.post('/session', route('open', 'Sign in', { body: credentials, answer: signedIn }), (request, reply) =>
    enter(request, reply, request.body),
  );
  api.get(
    '/setup/:link',
    route('open', 'What a one-time link is for', {
      params: z.object({ link: z.string().min(10).max(100) }),
      answer: linkInfo,
    }),
    async (request, reply) => {
      const link = await peekLink(db, request.params.link, clock.now());
      if (!link) return refuse(reply, 410, 'LINK_SPENT', spent.title, spent.steps);
      const person = link.userId === null ? undefined : await personById(db, link.userId, clock.now());
      return {
        purpose: link.purpose,
        email: person?.email ?? link.invited?.email ?? null,
        name: person?.name ?? link.invited?.name ?? null,
      };
    },
  );
  api.post(
    '/setup',
    route('open', 'Make an account, or set a new password, with a one-time link', {
      body: ownerInput,
      answer: signedIn,
    }),
    async (request, reply) => {
      const { link, password } = request.body;
      const email = await inTransaction(db, (tx) => acceptLink({ tx, clock }, link, request.body));
      if (email === undefined) return refuse(reply, 410, 'LINK_SPENT', spent.title, spent.steps);
      // With a second factor the new password is set, and the person signs in with both.
      return enter(request, reply, { email, password });
    },
  );
  api.delete('/session', route('read', 'Sign out', { answer: done }), async (request, reply) => {
    await signOut(db, request.cookies[cookieName] ?? '');
    reply.clearCookie(cookieName, { path: '/' });
    return { ok: true };
  });
}
