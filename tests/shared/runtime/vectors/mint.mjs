// Mints the session tokens in this folder with the real npm packages, and decodes ours with them.
//
// ES modules look for packages beside themselves, so copy this file into an empty folder and there:
//   npm install --no-save --no-package-lock --legacy-peer-deps next-auth@4.24.15 @auth/core@0.41.3
//   node mint.mjs mint OUTDIR          writes next-auth-v4.json and authjs-v5.json
//   node mint.mjs decode < TOKENS.json reads [{"kind": "v4"|"v5", "token", "secret", "salt"}]
// test_session_tokens_with_npm.py does exactly this; --legacy-peer-deps leaves Next.js out.
import { readFileSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import * as v5 from "@auth/core/jwt"

const require = createRequire(import.meta.url)
const v4 = require("next-auth/jwt")
const version = (name) => JSON.parse(readFileSync(new URL(`./node_modules/${name}/package.json`, import.meta.url))).version

const SECRET = "vector-secret-not-used-anywhere-else"
const OLD = "an-older-vector-secret-being-rotated"
const YEARS = 60 * 60 * 24 * 365 * 30
const SECURE = "__Secure-authjs.session-token"
const PLAIN = "authjs.session-token"
const traveller = { sub: "clq8x0v5t0000vector0traveller", name: "Ada", email: "ada@example.com" }

// NextAuth sets exp itself, from maxAge: a token that is over is made with a negative one.
const CASES = [
  { name: "a traveller", token: traveller },
  { name: "a role claim that must be ignored", token: { ...traveller, role: "admin" } },
  { name: "a large token", token: { ...traveller, accessToken: "x".repeat(5000) } },
  { name: "an expired token", token: traveller, maxAge: -3600 },
  { name: "no subject", token: { name: "Nobody" } },
  { name: "an older secret", token: traveller, secret: OLD },
  { name: "a foreign secret", token: traveller, secret: "somebody-elses-secret-altogether" },
]

async function mint(folder) {
  const minted = { v4: [], v5: [] }
  for (const { name, token, maxAge = YEARS, secret = SECRET } of CASES) {
    minted.v4.push({ name, secret, token: await v4.encode({ token, secret, maxAge }) })
    for (const salt of [SECURE, PLAIN])
      minted.v5.push({ name, secret, salt, token: await v5.encode({ token, secret, maxAge, salt }) })
  }
  const write = (file, facts) => writeFileSync(`${folder}/${file}`, JSON.stringify(facts, null, 2) + "\n")
  const common = { secret: SECRET, older_secret: OLD, subject: traveller.sub }
  write("next-auth-v4.json", { minted_by: `next-auth@${version("next-auth")}`, ...common, tokens: minted.v4 })
  write("authjs-v5.json", { minted_by: `@auth/core@${version("@auth/core")}`, ...common, tokens: minted.v5 })
}

async function decode() {
  const tokens = JSON.parse(readFileSync(0, "utf8"))
  const claims = await Promise.all(
    tokens.map(({ kind, token, secret, salt }) => (kind === "v4" ? v4 : v5).decode({ token, secret, salt })),
  )
  console.log(JSON.stringify(claims))
}

const [command, folder] = process.argv.slice(2)
if (command === "mint") await mint(folder)
else if (command === "decode") await decode()
else throw new Error("usage: node mint.mjs mint OUTDIR | decode < TOKENS.json")
