// How does a certificate look on paper? Two or more pages of A4: the settlement, its checks, the way from sales to deposit,
// the documents in the books, and the signature; the signed JSON travels inside as an attachment.
import PDFDocument from 'pdfkit';
import type { Certificate } from './certificate.ts';
import { classInfo, isRowClass } from './classes.ts';

const margin = 50;
const width = 595 - 2 * margin;
/** Documents beyond this many are in the attached JSON only: paper is for reading. */
const documentsMax = 400;

export function certificatePdf(certificate: Certificate): Promise<Buffer> {
  const { body, signature } = certificate;
  const { settlement } = body;
  const pdf = new PDFDocument({
    size: 'A4',
    margin,
    info: {
      Title: `Settlement ${settlement.settlementId}: reconciliation certificate`,
      Creator: 'Crossdock',
      CreationDate: new Date(body.issuedAt),
    },
  });
  const chunks: Buffer[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  const done = new Promise<Buffer>((resolve, reject) => {
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    pdf.on('error', reject);
  });
  pdf.file(Buffer.from(JSON.stringify(certificate)), {
    name: `settlement-${settlement.settlementId}.json`,
    type: 'application/json',
    description: 'The signed certificate, for crossdock settlements verify',
    creationDate: new Date(body.issuedAt),
    modifiedDate: new Date(body.issuedAt),
  });
  pdf.font('Helvetica-Bold').fontSize(18).text('Reconciliation certificate');
  pdf.font('Helvetica').fontSize(11).moveDown(0.4);
  pdf.text(`Settlement ${settlement.settlementId}, ${settlement.channel}`);
  pdf.text(`${day(settlement.from)} to ${day(settlement.to)}, deposit ${day(settlement.depositAt)}`);
  pdf.moveDown(0.4).font('Helvetica-Bold').fontSize(14);
  pdf.text(`Paid out ${settlement.total} ${settlement.currency}    Variance ${settlement.variance}`);

  heading(pdf, 'Checks');
  for (const check of body.checks) {
    pdf
      .font('Helvetica-Bold')
      .fontSize(10)
      .text(`${check.holds ? 'holds' : 'FAILS'}  ${plain(check.title)}`);
    pdf
      .font('Helvetica')
      .fontSize(9)
      .fillColor('#444')
      .text(plain(check.found), { indent: 12 })
      .fillColor('black');
    pdf.moveDown(0.25);
  }
  heading(pdf, 'From sales to deposit');
  for (const one of body.classes) {
    const title = isRowClass(one.class) ? classInfo(one.class).title : one.class;
    row(pdf, `${title} (${one.rows})`, one.amount);
  }
  pdf.font('Helvetica-Bold');
  row(pdf, 'Deposit', settlement.total);
  heading(pdf, 'Documents in the books');
  const documents = body.postings.flatMap((posting) =>
    posting.documents.map((document) => ({ posting, document })),
  );
  for (const { posting, document } of documents.slice(0, documentsMax))
    row(
      pdf,
      `${document.date}  ${document.kind} ${document.number} (id ${document.id})  ${posting.rows === '' ? '' : `rows ${posting.rows.slice(0, 40)}`}`,
      document.total,
    );
  if (documents.length > documentsMax)
    pdf.fontSize(9).text(`and ${documents.length - documentsMax} more, listed in the attached file`);
  heading(pdf, 'File and signature');
  pdf.font('Helvetica').fontSize(9);
  for (const line of [
    `Report: ${body.file.rows} rows, ${body.file.bytes} bytes, SHA-256 ${body.file.sha256}`,
    `Issued ${body.issuedAt}`,
    `Signed with Ed25519, key ${signature.keyId}`,
    `Signature ${signature.value}`,
    'Verify: crossdock settlements verify FILE, with the attached JSON and the public key of the issuer.',
  ])
    pdf.text(line);
  pdf.end();
  return done;
}

type Pdf = InstanceType<typeof PDFDocument>;

function heading(pdf: Pdf, text: string): void {
  pdf.moveDown(0.8).font('Helvetica-Bold').fontSize(12).text(text, margin);
  pdf.moveDown(0.2).font('Helvetica').fontSize(9);
}

function row(pdf: Pdf, text: string, amount: string): void {
  if (pdf.y > 842 - margin - 14) pdf.addPage();
  const { y } = pdf;
  pdf.fontSize(9).text(plain(text), margin, y, { width: width - 90, lineBreak: false, ellipsis: true });
  pdf.text(amount, margin + width - 90, y, { width: 90, align: 'right', lineBreak: false });
  pdf.x = margin;
  pdf.y = y + 13;
}

const day = (moment: string): string => moment.slice(0, 10);
/** The standard fonts know Windows-1252 only: what they lack becomes a question mark instead of nonsense. */
const plain = (text: string): string =>
  text.replace(/[^\u0020-\u007e\u00a0-\u00ff\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u20ac]/g, '?');
