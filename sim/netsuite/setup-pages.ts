// What does an administrator click in NetSuite to let an integration in? The integration record with its client id, the
// role with its permissions, and the certificate of OAuth 2.0 client credentials: pages under /app/setup, without login.
import type { Answer, Call, Route } from '../http.ts';
import { escapeHtml, formOf, page } from '../page.ts';
import { fullPermissions, makeRole } from './auth/roles.ts';
import type { NetSuiteWorld } from './server.ts';

const colour = '#36677d';
const vendor = 'NetSuite';
const roleName = 'integration';

export function setupPages(world: NetSuiteWorld): Route[] {
  const route = (method: string, path: string, handle: (call: Call) => Answer): Route => ({
    operation: 'setup.page',
    method,
    path: `/app/setup${path}`,
    handle,
  });
  const back = (said: string): Answer => ({
    status: 303,
    headers: { location: `/app/setup?said=${encodeURIComponent(said)}` },
  });
  return [
    route('GET', '', (call) => show(world, call.query.get('said') ?? '')),
    route('POST', '/certificates', (call) => {
      try {
        const { kid } = world.registerCertificate(formOf(call.body).get('pem') ?? '');
        return back(`Certificate saved. Certificate ID: ${kid}`);
      } catch (cause) {
        return back(`NetSuite does not take this certificate: ${(cause as Error).message}`);
      }
    }),
    route('POST', '/role', (call) => {
      const keys = [
        ...(formOf(call.body).get('xml') ?? '').matchAll(/<permkey>\s*([A-Z0-9_]+)\s*<\/permkey>/g),
      ].map((match) => match[1]!);
      if (keys.length === 0) return back('This is not a role file: it names no permission.');
      saveRole(world, keys);
      return back(`Role imported with ${keys.length} permissions.`);
    }),
    route('POST', '/permissions', (call) => {
      saveRole(world, formOf(call.body).getAll('permission'));
      return back('Role saved.');
    }),
  ];
}

function saveRole(world: NetSuiteWorld, permissions: readonly string[]): void {
  world.roles.set(roleName, makeRole(roleName, permissions));
  world.account.writeState(
    'roles',
    JSON.stringify(
      [...world.roles.values()].map((role) => ({ name: role.name, permissions: [...role.permissions] })),
    ),
  );
}

function show(world: NetSuiteWorld, said: string): Answer {
  const role = world.roles.get(roleName);
  const boxes = fullPermissions
    .map(
      (key) =>
        `<label><input type="checkbox" name="permission" value="${key}"${role?.permissions.has(key) ? ' checked' : ''}> ${key}</label>`,
    )
    .join('');
  const certificates = [...world.tokens.certificates.values()]
    .map(
      ({ kid, revoked }) =>
        `<tr><td><code>${escapeHtml(kid)}</code></td><td>${revoked ? 'revoked' : 'active'}</td></tr>`,
    )
    .join('');
  return page({
    vendor,
    colour,
    title: 'Setup',
    main: `${said ? `<p class="done" role="status">${escapeHtml(said)}</p>` : ''}
<section><h2>Company information</h2><dl><dt>Account ID</dt><dd><code>${escapeHtml(world.accountId)}</code></dd></dl></section>
<section><h2>Integration record “Crossdock”</h2><p>Client credentials (machine to machine) grant, scope REST web services.</p><dl><dt>Client ID</dt><dd><code>${escapeHtml(world.clientId)}</code></dd></dl></section>
<section><h2>Import a role</h2><form method="post" action="/app/setup/role"><label>Role file<textarea name="xml" required></textarea></label><button>Import role</button></form>
<details><summary>Permissions of the integration’s role (${role?.permissions.size ?? 0})</summary><form method="post" action="/app/setup/permissions">${boxes}<button>Save role</button></form></details></section>
<section><h2>OAuth 2.0 client credentials</h2><form method="post" action="/app/setup/certificates"><label>Certificate (PEM)<textarea name="pem" required></textarea></label><button>Save certificate</button></form>
<table><thead><tr><th>Certificate ID</th><th>State</th></tr></thead><tbody>${certificates}</tbody></table></section>`,
  });
}
