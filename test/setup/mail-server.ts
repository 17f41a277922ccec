// A mail server for tests: speaks SMTP (RFC 5321) as far as a client needs, asks for a password, keeps what it gets.
import { createServer, type Socket } from 'node:net';

export interface KeptMail {
  readonly from: string;
  readonly to: readonly string[];
  /** As it came, headers and text. */
  readonly raw: string;
  readonly subject: string;
  readonly text: string;
}

export async function startMailServer(account: { readonly user: string; readonly password: string }) {
  const mails: KeptMail[] = [];
  let refusing = false;
  const server = createServer((socket) => talk(socket, account, mails, () => refusing));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    mails,
    /** From now on every recipient is refused for a while, or no longer. */
    refuse(on: boolean) {
      refusing = on;
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

function talk(
  socket: Socket,
  account: { readonly user: string; readonly password: string },
  mails: KeptMail[],
  refusing: () => boolean,
): void {
  const say = (line: string) => socket.write(`${line}\r\n`);
  let buffer = '';
  let signedIn = false;
  let inData = false;
  let from = '';
  let to: string[] = [];
  socket.on('error', () => undefined);
  say('220 test ESMTP');
  const command = (line: string) => {
    const verb = line.split(' ')[0]?.toUpperCase();
    if (verb === 'EHLO') return say('250-test\r\n250-AUTH PLAIN\r\n250 8BITMIME');
    if (verb === 'AUTH') {
      const [, user, password] = Buffer.from(line.split(' ')[2] ?? '', 'base64')
        .toString()
        .split('\0');
      signedIn = user === account.user && password === account.password;
      return say(signedIn ? '235 welcome' : '535 wrong password');
    }
    if (verb === 'QUIT') {
      say('221 bye');
      return socket.end();
    }
    if (!signedIn) return say('530 sign in first');
    if (verb === 'MAIL') from = /<(.*?)>/.exec(line)?.[1] ?? '';
    if (verb === 'RCPT') {
      if (refusing()) return say('451 try later');
      to.push(/<(.*?)>/.exec(line)?.[1] ?? '');
    }
    if (verb === 'DATA') {
      inData = true;
      return say('354 go on');
    }
    return say('250 ok');
  };
  socket.on('data', (chunk) => {
    buffer += chunk.toString();
    for (;;) {
      const end = inData ? buffer.indexOf('\r\n.\r\n') : buffer.indexOf('\r\n');
      if (end < 0) return;
      const part = buffer.slice(0, end);
      buffer = buffer.slice(end + (inData ? 5 : 2));
      if (!inData) command(part);
      else {
        inData = false;
        mails.push({ from, to, raw: part, ...readable(part) });
        to = [];
        say('250 kept');
      }
    }
  });
}

/** Subject and text as a reader sees them: unfolded, words and body decoded. */
function readable(raw: string): { subject: string; text: string } {
  const [head = '', body = ''] = raw.split(/\r\n\r\n(.*)/s);
  const unfolded = head.replace(/\r\n[ \t]+/g, ' ');
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(unfolded)?.[1] ?? '';
  const word = (text: string) =>
    text
      .replace(/(=\?UTF-8\?[QB]\?.*?\?=)\s+(?==\?)/gi, '$1')
      .replace(/=\?UTF-8\?([QB])\?(.*?)\?=/gi, (_all, kind: string, coded: string) =>
        kind.toUpperCase() === 'B'
          ? Buffer.from(coded, 'base64').toString()
          : quoted(coded.replaceAll('_', ' ')),
      );
  const encoding = header('Content-Transfer-Encoding').toLowerCase();
  const text =
    encoding === 'base64'
      ? Buffer.from(body, 'base64').toString()
      : encoding === 'quoted-printable'
        ? quoted(body.replace(/=\r\n/g, ''))
        : body;
  return { subject: word(header('Subject')), text };
}

const quoted = (text: string): string =>
  Buffer.from(
    text.replace(/=([0-9A-F]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString();
