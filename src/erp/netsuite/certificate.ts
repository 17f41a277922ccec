// How does a NetSuite M2M connection get its key? Made here, so that the private key never travels: the certificate is
// uploaded by the owner, the key stays sealed.
import { webcrypto } from 'node:crypto';

/** NetSuite cuts certificates to two years (netsuite.md §3.2). */
const validDays = 729;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

export interface MadeCertificate {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  readonly expiresAt: string;
}

export async function generateCertificate({
  commonName,
  notBefore,
}: {
  readonly commonName: string;
  readonly notBefore: Date;
}): Promise<MadeCertificate> {
  const { X509CertificateGenerator } = await openX509();
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const notAfter = new Date(notBefore.getTime() + validDays * 86_400_000);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${commonName}`,
    notBefore,
    notAfter,
    keys: keys as never,
    signingAlgorithm: algorithm,
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return {
    certificatePem: certificate.toString('pem'),
    privateKeyPem: `-----BEGIN PRIVATE KEY-----\n${key.match(/.{1,64}/g)!.join('\n')}\n-----END PRIVATE KEY-----\n`,
    expiresAt: notAfter.toISOString(),
  };
}

/** Two hundred modules for something that happens once in two years: loaded then, not by every worker. */
async function openX509() {
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);
  return x509;
}
