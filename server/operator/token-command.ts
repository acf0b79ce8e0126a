/** token mint: an access token as the host application would sign it, for development. */
import { createSecretKey } from 'node:crypto';
import type { Command } from 'commander';
import { SignJWT } from 'jose';
import { ROLES } from '../../src/protocol/account.ts';
import { MIN_SECRET_LENGTH, SETTINGS } from '../config.ts';
import type { OperatorContext } from './operator-context.ts';
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

export function addTokenCommand(program: Command, context: OperatorContext): void {
  program
    .command('token')
    .description('access tokens for development')
    .command('mint')
    .description('sign a token with TOKEN_SECRET; in production only the host application does that')
    .requiredOption('--account <id>', 'account id')
    .requiredOption('--office <id>', 'office id')
    .requiredOption('--person <id>', 'person id (claim "sub")')
    .requiredOption('--name <name>', 'name for people')
    .option('--role <role>', ROLES.join(', '), 'agent')
    .option('--licence <name>', 'licence, for rates of its own')
    .option('--seconds <number>', 'lifetime', '3600')
    .action((options: TokenOptions) => mint(context, options));
}

async function mint(context: OperatorContext, options: TokenOptions): Promise<void> {
  const { environment } = context;
  const secret = environment.TOKEN_SECRET ?? '';
  if (secret.length < MIN_SECRET_LENGTH) {
    throw new OperatorError(`TOKEN_SECRET has ${secret.length} characters; expected at least ${MIN_SECRET_LENGTH}.`);
  }
  const issuer = environment.TOKEN_ISSUER;
  if (!issuer) throw new OperatorError('TOKEN_ISSUER is not set; it must be the one that the server expects.');
  if (!ROLES.some((role) => role === options.role)) {
    throw new OperatorError(`--role is "${options.role}"; expected one of ${ROLES.join(', ')}.`);
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
