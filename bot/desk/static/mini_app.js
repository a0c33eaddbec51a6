// Opened inside Telegram, the page gets what Telegram signs behind its address: that is who one is.

const told = new URLSearchParams(location.hash.slice(1));
const data = told.get("tgWebAppData");

if (data) {
  const answer = await fetch("/desk/telegram", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ data }),
  });
  if (answer.ok) {
    const conversation = /^c(\d+)$/.exec(new URLSearchParams(data).get("start_param") ?? "");
    location.replace(conversation ? `/desk?in=telegram#${conversation[1]}` : "/desk?in=telegram");
  } else {
    const trouble = document.getElementById("trouble");
    trouble.textContent = (await answer.json()).message;
    trouble.hidden = false;
  }
}
