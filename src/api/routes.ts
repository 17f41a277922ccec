// Which routes are there? One file per resource: schema and handler, nothing else.
import type { FastifyInstance } from 'fastify';
import { addConnections } from './connections.ts';
import { addFlows } from './flows.ts';
import { addHouse } from './house.ts';
import { addOverview } from './overview.ts';
import { addProblems } from './problems.ts';
import { addRecords } from './records.ts';
import type { Api } from './route.ts';
import type { ApiParts } from './server.ts';
import { addSession } from './session.ts';
import { addViews } from './views.ts';

export function addRoutes(scope: FastifyInstance, parts: ApiParts): void {
  const api = scope as unknown as Api;
  addSession(api, parts);
  addOverview(api, parts);
  addRecords(api, parts);
  addViews(api, parts);
  addFlows(api, parts);
  addConnections(api, parts);
  addProblems(api, parts);
  addHouse(api, parts);
}
