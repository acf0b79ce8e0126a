/** token: mint one as the host application would, for development; take back those that were issued. */
import { createSecretKey } from 'node:crypto';
import type { Command } from 'commander';
import { SignJWT } from 'jose';
import { HOST_ROLE, ROLES } from '../../src/protocol/account.ts';
import { revokeTokens } from '../accounts/token-revocations.ts';
import { MIN_SECRET_LENGTH, SETTINGS } from '../config.ts';
import { newsWord } from '../events/news-word.ts';
import { systemClock } from '../system-clock.ts';
import { type OperatorContext, requireAccount, withStore } from './operator-context.ts';
import { OperatorError } from './operator-error.ts';
import { idOption, secondsOption } from './option-values.ts';

interface TokenOptions {
  readonly account: string;
  readonly office: string;
  readonly person: string;
  readonly name: string;
  readonly role: string;
  readonly licence?: string;
  readonly seconds: string;
}

export function addTokenCommands(program: Command, context: OperatorContext): void {
  const token = program.command('token').description('access tokens');
  token
    .command('revoke')
    .description(
      'refuse the tokens that a person, or everybody of an account, was given until now; streams end, calls go on',
    )
    .requiredOption('--account <id>', 'account id')
    .option('--person <id>', 'person id (claim "sub"); everybody when left out')
    .action((options: RevokeOptions) => revoke(context, options));
  token
    .command('mint')
    .description('sign a token with TOKEN_SECRET; in production only the host application does that')
    .requiredOption('--account <id>', 'account id')
    .requiredOption('--office <id>', 'office id')
    .requiredOption('--person <id>', 'person id (claim "sub")')
    .requiredOption('--name <name>', 'name for people')
    .option('--role <role>', TOKEN_ROLES.join(', '), 'agent')
    .option('--licence <name>', 'licence, for rates of its own')
    .option('--seconds <number>', 'lifetime', '3600')
    .action((options: TokenOptions) => mint(context, options));
}

const TOKEN_ROLES = [...ROLES, HOST_ROLE];

interface RevokeOptions {
  readonly account: string;
  readonly person?: string;
}

async function revoke(context: OperatorContext, { account, person }: RevokeOptions): Promise<void> {
  const accountId = idOption('--account', account);
  const nowMs = systemClock.nowMs();
  await withStore(context, async (store) => {
    await requireAccount(store, accountId);
    await revokeTokens(store, { accountId, personId: person ?? null, issuedBeforeMs: nowMs, nowMs });
    store.news.tell(newsWord({ word: 'tokens' }));
  });
  const whose = person === undefined ? `everybody in account ${accountId}` : `${person} in account ${accountId}`;
  context.print(`Tokens of ${whose} issued before ${new Date(nowMs).toISOString()} are refused.`);
}

async function mint(context: OperatorContext, options: TokenOptions): Promise<void> {
  const { environment } = context;
  const secret = environment.TOKEN_SECRET ?? '';
  if (secret.length < MIN_SECRET_LENGTH) {
    throw new OperatorError(`TOKEN_SECRET has ${secret.length} characters; expected at least ${MIN_SECRET_LENGTH}.`);
  }
  const issuer = environment.TOKEN_ISSUER;
  if (!issuer) throw new OperatorError('TOKEN_ISSUER is not set; it must be the one that the server expects.');
  if (!TOKEN_ROLES.some((role) => role === options.role)) {
    throw new OperatorError(`--role is "${options.role}"; expected one of ${TOKEN_ROLES.join(', ')}.`);
  }
  const audience =
    environment.TOKEN_AUDIENCE || SETTINGS.find(({ name }) => name === 'TOKEN_AUDIENCE')?.byDefault || '';
  const token = await new SignJWT({
    name: options.name,
    account: idOption('--account', options.account),
    office: idOption('--office', options.office),
    role: options.role,
    ...(options.licence !== undefined && { licence: options.licence }),
  })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(idOption('--person', options.person))
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(`${secondsOption('--seconds', options.seconds)}s`)
    .sign(createSecretKey(Buffer.from(secret)));
  context.print(token);
}
