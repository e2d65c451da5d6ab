/** A program's way to the entry of a profile in the system keychain, in one language. */
export interface KeychainSnippet {
  readonly title: string;
  /** What has to be there, in words of the language's own world. */
  readonly needs: string;
  /** Language of the editor. */
  readonly languageId: string;
  readonly lines: readonly string[];
}

type Platform = 'linux' | 'darwin' | 'win32';

/**
 * keytar names an entry by `service` and `account`. Other libraries call the second one `username` on Linux, and join
 * both in another way on Windows, so they do not find it by themselves: each line below says where it lies.
 */
const snippets: readonly ((
  platform: Platform,
  service: string,
  account: string,
) => KeychainSnippet | undefined)[] = [
  (_platform, service, account) => ({
    title: 'JavaScript',
    needs: 'npm install keytar@npm:@github/keytar',
    languageId: 'javascript',
    lines: [
      "import keytar from 'keytar';",
      '',
      `const entry = await keytar.getPassword(${quoted(service)}, ${quoted(account)});`,
      'Object.assign(process.env, JSON.parse(entry));',
    ],
  }),
  (_platform, service, account) => ({
    title: 'TypeScript',
    needs: 'npm install keytar@npm:@github/keytar',
    languageId: 'typescript',
    lines: [
      "import keytar from 'keytar';",
      '',
      `const entry = await keytar.getPassword(${quoted(service)}, ${quoted(account)});`,
      "if (entry === null) throw new Error('There is no such entry in the keychain.');",
      'Object.assign(process.env, JSON.parse(entry) as Record<string, string>);',
    ],
  }),
  (platform, service, account) => ({
    title: 'Python',
    languageId: 'python',
    needs: platform === 'win32' ? 'pip install pywin32' : 'pip install keyring',
    lines: [
      'import json, os',
      ...{
        linux: [
          'from keyring.backends.SecretService import Keyring',
          '',
          'ring = Keyring()',
          'ring.schemes["keytar"] = {"username": "account", "service": "service"}',
          'ring.scheme = "keytar"',
          `entry = ring.get_password(${quoted(service)}, ${quoted(account)})`,
        ],
        darwin: [
          'import keyring',
          '',
          `entry = keyring.get_password(${quoted(service)}, ${quoted(account)})`,
        ],
        win32: [
          'import win32cred',
          '',
          `found = win32cred.CredRead(${quoted(`${service}/${account}`)}, win32cred.CRED_TYPE_GENERIC)`,
          'entry = found["CredentialBlob"].decode("utf-8")',
        ],
      }[platform],
      'os.environ.update(json.loads(entry))',
    ],
  }),
  (platform, service, account) => ({
    title: 'Go',
    languageId: 'go',
    needs: {
      linux: 'secret-tool (libsecret-tools)',
      darwin: 'go get github.com/zalando/go-keyring',
      win32: 'go get github.com/danieljoos/wincred',
    }[platform],
    lines: [
      ...{
        linux: [
          '// Needs encoding/json, os, os/exec.',
          `entry, err := exec.Command("secret-tool", "lookup", "service", ${quoted(service)}, "account", ${quoted(account)}).Output()`,
        ],
        darwin: [
          '// Needs encoding/json, os, github.com/zalando/go-keyring.',
          `entry, err := keyring.Get(${quoted(service)}, ${quoted(account)})`,
        ],
        win32: [
          '// Needs encoding/json, os, github.com/danieljoos/wincred.',
          `found, err := wincred.GetGenericCredential(${quoted(`${service}/${account}`)})`,
        ],
      }[platform],
      'if err != nil {',
      '\tpanic(err)',
      '}',
      'var variables map[string]string',
      `if err := json.Unmarshal(${{ linux: 'entry', darwin: '[]byte(entry)', win32: 'found.CredentialBlob' }[platform]}, &variables); err != nil {`,
      '\tpanic(err)',
      '}',
      'for name, value := range variables {',
      '\tos.Setenv(name, value)',
      '}',
    ],
  }),
  (platform, service, account) =>
    platform === 'win32'
      ? undefined
      : {
          title: 'Shell',
          languageId: 'shellscript',
          needs: platform === 'linux' ? 'secret-tool (libsecret-tools), jq' : 'jq',
          lines: [
            platform === 'linux'
              ? `entry=$(secret-tool lookup service ${inShell(service)} account ${inShell(account)}) || exit`
              : `entry=$(security find-generic-password -s ${inShell(service)} -a ${inShell(account)} -w) || exit`,
            `eval "$(printf '%s' "$entry" | jq -r 'to_entries[] | "export \\(.key)=\\(.value | @sh)"')"`,
          ],
        },
];

/** How programs on this platform read the entry; each puts the variables of the profile into their environment. */
export function keychainSnippets(platform: string, service: string, account: string): KeychainSnippet[] {
  const own = platform === 'darwin' || platform === 'win32' ? platform : 'linux';
  return snippets.flatMap((make) => make(own, service, account) ?? []);
}

/** A literal of JavaScript, Python and Go alike. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

function inShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
