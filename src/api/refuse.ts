// How does the API say no? As problem+json: what happened, which field, what to do next.
import type { FastifyReply } from 'fastify';

export async function refuse(
  reply: FastifyReply,
  status: number,
  code: string,
  title: string,
  nextSteps: readonly string[] = [],
  field?: string,
): Promise<void> {
  await reply
    .code(status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: `urn:crossdock:error:${code}`,
        status,
        code,
        title,
        nextSteps,
        ...(field ? { field } : {}),
      }),
    );
}
