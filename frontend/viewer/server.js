// Questions to the server, with one silent renewal of the session when it has run out.
const BASE = "/api/v1";

/** The server said no. `status` is 0 when it could not be reached at all. */
export class Refused extends Error {
  constructor(status) {
    super(`the server answered ${status}`);
    this.status = status;
  }
}

export const address = (path) => `${BASE}${path}`;

/** The answer to a GET, or a `Refused`. */
export async function ask(path) {
  const session = csrf();
  let answer = await once(path);
  if (answer.status === 401 && session && (await renewed(session))) answer = await once(path);
  if (!answer.ok) throw new Refused(answer.status);
  return answer;
}

async function once(path) {
  try {
    return await fetch(address(path), { headers: { Accept: "*/*" } });
  } catch {
    throw new Refused(0);
  }
}

function csrf() {
  const pair = document.cookie.split("; ").find((cookie) => cookie.startsWith("kpi_csrf="));
  return pair?.slice("kpi_csrf=".length);
}

/** Takes turns with the tabs of the app: a refresh token is good for one use, a second one would end the session. */
async function renewed(session) {
  const renew = async () => {
    if (csrf() !== session) return true;
    const headers = { "X-CSRF-Token": session, Accept: "application/json" };
    const answer = await fetch(address("/auth/refresh"), { method: "POST", headers }).catch(() => undefined);
    return answer?.ok ?? false;
  };
  return navigator.locks ? navigator.locks.request("kpi-renew", renew) : renew();
}
