// Which port may we have? The wanted one when it is free, else the next that is; what cannot be had is said in a sentence.
import { createServer } from 'node:net';
import { Failure } from '../cli/failure.ts';

export async function freePort(host: string, wanted: number, tries: number): Promise<number> {
  if (wanted === 0) return 0;
  for (let port = wanted; port < wanted + tries && port <= 65_535; port++) {
    const fault = await faultOf(host, port);
    if (fault === undefined) return port;
    if (fault === 'EACCES')
      throw new Failure('PORT_FORBIDDEN', `This user may not open port ${port}.`, [
        'Name one above 1023 with --port.',
      ]);
    if (fault !== 'EADDRINUSE')
      throw new Failure('HOST_UNKNOWN', `This machine cannot listen on ${host} (${fault}).`, [
        'Name one of its own addresses with --host; 127.0.0.1 is always there.',
      ]);
  }
  throw new Failure('PORT_TAKEN', `Port ${wanted} on ${host} is taken by another program.`, [
    'Name another one with --port; 0 takes any that is free.',
  ]);
}

function faultOf(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(undefined)));
  });
}
