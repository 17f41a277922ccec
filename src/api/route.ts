// What do the route files share? Scopes, the typed server, and shapes that several of them take.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';

export const id = z.object({ id: z.string().min(1).max(120) });
export const numberId = z.object({ id: z.string().regex(/^\d{1,18}$/) });
export const open = { config: { scope: 'open' as const } };
export const read = { config: { scope: 'read' as const } };
export const write = { config: { scope: 'write' as const } };
export const admin = { config: { scope: 'admin' as const } };

/** The server with its schemas as types. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Leaves out what was not given, so that an absent filter is absent and not `undefined`. */
export const given = <Value extends object>(value: Value) =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Value;
