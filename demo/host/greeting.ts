/** What `npm start` prints: what to open and what to try. */

/** `data`: where it is, and what to do about it. */
export function greeting(server: { readonly url: string; readonly data: string }): string {
  return `
  credit-phone demo    ${server.url}

  Try      600           echo: hear yourself, watch cost and minutes run
           601           a melody          602 busy      603 nobody answers      604 declines
           605           rings, then answers             606 hangs up after 20 s 607 calls you back
           +49 171 …     any number of the contact list; somebody will answer
           *1            in a call to 601 or a contact: records by the minute (nothing is kept), a tone says yes or no
  Run out  "Leave 40 cents" under Scenarios, then call: the credit ends, the phone says so
  Pay      ${server.url}/?as=dana   is the admin: Credit > Add credit, test card 4242 4242 4242 4242

  Mail     ${server.url}/demo/mailbox     receipts and warnings; /demo/statement: what the test cards' bank shows

  Simulated: the phone network and all payments. Real: SIP, sound, ledger.
  Data in ${server.data}. Stop with Ctrl+C.
`;
}
