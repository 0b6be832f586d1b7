// Which key does what on the scoring page: the keys of the sheet, changed by the person, kept in a cookie.
// The cookie holds keys alone (`on` or `off`, then action=key), never anything of a case.
const NAME = "scoring_keys";
const YEAR = 365 * 24 * 3600;

function readCookie() {
  const found = document.cookie.split("; ").find((one) => one.startsWith(`${NAME}=`));
  if (!found) return null;
  try {
    const kept = JSON.parse(decodeURIComponent(found.slice(NAME.length + 1)));
    return typeof kept === "object" && kept ? kept : null;
  } catch {
    return null;
  }
}

function writeCookie(value) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  const text = encodeURIComponent(JSON.stringify(value));
  document.cookie = `${NAME}=${text}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
}

export class KeyMap {
  constructor(defaults, reserved) {
    this.defaults = defaults;
    this.reserved = new Set(reserved);
    const kept = readCookie();
    this.on = kept?.on !== false;
    this.keys = { ...defaults };
    for (const [action, key] of Object.entries(kept?.keys ?? {})) {
      if (action in defaults && typeof key === "string") this.keys[action] = key.slice(0, 1);
    }
  }

  actionOf(key) {
    const wanted = key.toLowerCase();
    return Object.keys(this.keys).find((action) => this.keys[action].toLowerCase() === wanted);
  }

  // Two actions with one key, or a key of the scores, are refused: returns false.
  change(keys, on) {
    const used = Object.values(keys).filter(Boolean).map((key) => key.toLowerCase());
    if (new Set(used).size !== used.length || used.some((key) => this.reserved.has(key))) return false;
    this.keys = { ...this.keys, ...keys };
    this.on = on;
    writeCookie({ on, keys: this.keys });
    return true;
  }
}
