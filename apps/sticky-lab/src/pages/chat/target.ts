import { isIP } from 'node:net';
import { ProbeError, resolveOwn } from '@socklab/probe';
import { InvalidArgumentError, parseHostPort } from '@socklab/service';
import { Refusal } from '../../http/refusal.ts';

/** Where to connect, by a numeric address. */
export interface ChatTarget {
  readonly host: string;
  readonly port: number;
}

/**
 * Parses HOST:PORT, and checks that it is on this machine or in a private network: the page must not give access to others.
 * A name is resolved here once, so that the checked address is the one that is used; IPv4 if it has both.
 *
 * @throws Refusal 422 when it is invalid, or elsewhere.
 */
export async function chatTarget(address: string): Promise<ChatTarget> {
  const { host, port } = readAddress(address);
  const addresses = await ownAddresses(host);
  return { host: addresses.find((each) => isIP(each) === 4) ?? addresses[0] ?? host, port };
}

function readAddress(address: string): ChatTarget {
  try {
    const target = parseHostPort(address);
    // The permissions of a socket file are for its owner's programs; users of the page are not its owner.
    if ('host' in target) return target;
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
  }
  const seen = JSON.stringify(address);
  throw refuse(`${seen} is not an address; allowed: HOST:PORT and [IPv6]:PORT`, `${seen} 不是地址，应为 HOST:PORT 或 [IPv6]:PORT`);
}

async function ownAddresses(host: string): Promise<readonly string[]> {
  try {
    return await resolveOwn(host, false);
  } catch (error) {
    if (!(error instanceof ProbeError)) throw error;
    if (error.cause !== undefined) throw refuse(error.message, `无法解析主机名 ${host}`);
    throw refuse(
      `${host} is neither on this machine nor in a private network: the page talks to no others`,
      `${host} 既不在本机，也不在私有网络：本页面不与其他主机对话`,
    );
  }
}

function refuse(en: string, zh: string): Refusal {
  return new Refusal(422, { en, zh }, 'address');
}
