// How does the API describe itself? OpenAPI made from the routes' own schemas, with scope and idempotency key added.
import fastifySwagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';

const idempotencyHeader = {
  type: 'object',
  properties: {
    'idempotency-key': {
      type: 'string',
      maxLength: 200,
      description:
        'The same POST with the same key is done once within 24 hours; the second gets the first answer.',
    },
  },
};

export async function describeApi(api: FastifyInstance): Promise<void> {
  await api.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Crossdock',
        version: '1',
        description: 'Orders in, shipments and stock out, every value explained.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description: 'A token of a program: crossdock tokens add.',
          },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'crossdock_session',
            description: 'A signed-in browser.',
          },
        },
      },
    },
    transform(document) {
      const made = jsonSchemaTransform(document);
      if (made.schema.hide) return made;
      const scope = document.route.config?.scope ?? 'admin';
      const schema = {
        ...made.schema,
        tags: [document.url.split('/')[3] ?? 'api'],
        description: scope === 'open' ? 'Open to everyone.' : `Needs the scope “${scope}”.`,
        security: scope === 'open' ? [] : [{ token: [] }, { session: [] }],
        ...(document.route.method === 'POST' && scope !== 'open' ? { headers: idempotencyHeader } : {}),
      };
      return { ...made, schema };
    },
  });
}
