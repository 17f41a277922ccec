// What must never be written down? Secrets and signatures: cut from texts, headers, URLs and bodies before storage.

const secretNames =
  /(authorization|x-amz-access-token|access_token|refresh_token|client_secret|client_assertion|token_secret|consumer_secret|private_?key|password|cookie|x-amz-security-token|x-amz-signature|x-amz-credential|spapi_oauth_code|oauth_signature|oauth_token)/i;

/** Values that are secrets by their own shape, wherever they stand. */
const secretShapes: readonly RegExp[] = [
  /Atz[ar]\|[\w+/=-]+/g,
  /amzn1\.oa2-cs\.v1\.[\w.-]+/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /\bBearer\s+[\w.~+/=-]+/gi,
  /((?:access|refresh)_token|client_secret|client_assertion|password|token_?secret|consumer_?secret)(["']?\s*[=:]\s*["']?)[^"'&\s,}]+/gi,
  /([?&](?:X-Amz-Signature|X-Amz-Credential|X-Amz-Security-Token|sig|signature)=)[^&\s"']+/gi,
];

export const redacted = '[redacted]';

/** Cuts everything that looks like a secret out of free text. */
export function redactText(text: string): string {
  let out = text;
  for (const shape of secretShapes)
    out = out.replace(shape, (_match, name?: string, separator?: string) =>
      typeof name === 'string' ? `${name}${typeof separator === 'string' ? separator : ''}${redacted}` : redacted,
    );
  return out;
}

/** Header names and sizes stay, secret values go. */
export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, secretNames.test(name) ? redacted : redactText(value)]),
  );
}
