// The page of the API: reads the OpenAPI document and shows every operation; one may be tried as who is signed in.

const words = {
  ru: {
    title: "API системы управления",
    find: "Найти",
    document: "Документ OpenAPI",
    other: "English",
    roles: "Роли",
    anybody: "без входа",
    fields: "Поля",
    field: "Поле",
    type: "Тип",
    meaning: "Смысл",
    place: "Где",
    needed: "обязательно",
    answer: "Ответ",
    answers: "Коды ответа",
    send: "Отправить",
    body: "Тело запроса (JSON)",
    nothing: "Ничего не найдено.",
    failed: "Документ не загружен.",
    stream: "Передаётся потоком",
    in: { path: "путь", query: "запрос", body: "тело" },
  },
  en: {
    title: "API of the management system",
    find: "Find",
    document: "OpenAPI document",
    other: "Русский",
    roles: "Roles",
    anybody: "without signing in",
    fields: "Fields",
    field: "Field",
    type: "Type",
    meaning: "Meaning",
    place: "Where",
    needed: "needed",
    answer: "Answer",
    answers: "Statuses",
    send: "Send",
    body: "Body (JSON)",
    nothing: "Nothing is found.",
    failed: "The document could not be loaded.",
    stream: "It is streamed",
    in: { path: "path", query: "query", body: "body" },
  },
};

let language = navigator.language.startsWith("ru") ? "ru" : "en";
let api = null;

const at = (id) => document.getElementById(id);

function make(tag, content = [], attributes = {}) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...[content].flat());
  return element;
}

const named = (reference) => reference.split("/").pop();

function resolved(schema) {
  return schema?.$ref ? { ...api.components.schemas[named(schema.$ref)], title: named(schema.$ref) } : (schema ?? {});
}

function typeName(schema) {
  if (schema?.$ref) return named(schema.$ref);
  if (schema?.anyOf) return schema.anyOf.map(typeName).join(" | ");
  if (schema?.enum) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  if (schema?.type === "array") return `${typeName(schema.items)}[]`;
  if (schema?.additionalProperties && typeof schema.additionalProperties === "object") {
    return `{ … : ${typeName(schema.additionalProperties)} }`;
  }
  return schema?.type ?? "any";
}

/** A value of the shape, for the form and the answer; structs inside themselves end at the fourth level. */
function example(schema, level = 0) {
  const shape = resolved(schema);
  if ("default" in shape) return shape.default;
  if (shape.enum) return shape.enum[0];
  if (shape.anyOf) return example(shape.anyOf[0], level);
  if (level > 3) return null;
  switch (shape.type) {
    case "object": {
      const fields = Object.entries(shape.properties ?? {});
      return Object.fromEntries(fields.map(([name, one]) => [name, example(one, level + 1)]));
    }
    case "array":
      return [example(shape.items, level + 1)];
    case "integer":
    case "number":
      return 0;
    case "boolean":
      return false;
    case "string":
      return "";
    default:
      return null;
  }
}

function fieldsOf(operation) {
  const found = (operation.parameters ?? []).map((one) => ({ ...one, needed: one.required }));
  const body = resolved(operation.requestBody?.content?.["application/json"]?.schema);
  for (const [name, schema] of Object.entries(body.properties ?? {})) {
    found.push({ name, in: "body", schema, needed: body.required?.includes(name) });
  }
  return found;
}

function fieldTable(fields, say) {
  const head = [say.field, say.type, say.place, say.meaning].map((word) => make("th", word, { scope: "col" }));
  const rows = fields.map((one) =>
    make("tr", [
      make("td", make("code", one.name)),
      make("td", make("code", typeName(one.schema))),
      make("td", say.in[one.in] + (one.needed ? `, ${say.needed}` : "")),
      make("td", one.schema?.description ?? resolved(one.schema).description ?? ""),
    ]),
  );
  return make("table", [make("thead", make("tr", head)), make("tbody", rows)]);
}

function trial(method, path, operation, say) {
  const inputs = (operation.parameters ?? []).map((one) => ({ one, input: make("input", [], { name: one.name }) }));
  const schema = operation.requestBody?.content?.["application/json"]?.schema;
  const body = schema ? make("textarea", JSON.stringify(example(schema), null, 2), { spellcheck: "false" }) : null;
  const output = make("pre", [], { hidden: "", tabindex: "0" });
  const button = make("button", `${say.send} ${method.toUpperCase()}`, { type: "submit" });
  const labels = inputs.map(({ one, input }) => make("label", [`${one.name} `, input, " "]));
  const form = make("form", [...labels, ...(body ? [make("label", [say.body, body])] : []), button, output]);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    let address = path;
    const query = new URLSearchParams();
    for (const { one, input } of inputs) {
      if (one.in === "path") address = address.replace(`{${one.name}}`, encodeURIComponent(input.value));
      else if (input.value !== "") query.append(one.name, input.value);
    }
    const options = { method: method.toUpperCase() };
    if (body) Object.assign(options, { body: body.value, headers: { "content-type": "application/json" } });
    const answer = await fetch(address + (query.size ? `?${query}` : ""), options);
    const text = await answer.text();
    let shown = text;
    try {
      shown = JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      // What is not JSON is shown as it came.
    }
    output.textContent = `${answer.status}\n${shown.slice(0, 100_000)}`;
    output.classList.toggle("bad", !answer.ok);
    output.hidden = false;
  });
  return form;
}

function details(method, path, operation, say) {
  const parts = [];
  if (operation.description) parts.push(make("p", operation.description));
  const roles = operation.security?.length === 0 ? say.anybody : operation["x-roles"].join(", ");
  parts.push(make("p", [`${say.roles}: `, make("b", roles)]));
  const fields = fieldsOf(operation);
  if (fields.length) parts.push(make("h3", say.fields), fieldTable(fields, say));
  const good = operation.responses["200"].content;
  const shape = good?.["application/json"]?.schema;
  parts.push(make("h3", `${say.answer}: ${shape ? typeName(shape) : Object.keys(good ?? {}).join(", ")}`));
  if (shape) parts.push(make("pre", JSON.stringify(example(shape), null, 2), { tabindex: "0" }));
  if (operation["x-streamed"]) parts.push(make("p", `${say.stream}.`));
  const statuses = Object.entries(operation.responses)
    .filter(([status]) => status !== "200")
    .map(([status, one]) => {
      const told = one.$ref ? api.components.responses[named(one.$ref)] : one;
      return make("tr", [make("td", make("code", status)), make("td", told.description)]);
    });
  parts.push(make("h3", say.answers), make("table", make("tbody", statuses)));
  if (!operation["x-streamed"]) parts.push(trial(method, path, operation, say));
  return make("div", parts);
}

function block(method, path, operation, say) {
  const summary = make("summary", [make("b", method.toUpperCase()), make("code", path), " "]);
  summary.append(make("span", operation.summary));
  const found = make("details", summary, { id: operation.operationId });
  // Hundreds of operations: the inside is made when somebody looks.
  found.addEventListener("toggle", () => {
    if (found.open && found.children.length === 1) found.append(details(method, path, operation, say));
  });
  return found;
}

function show() {
  const say = words[language];
  document.documentElement.lang = language;
  document.title = say.title;
  at("title").textContent = say.title;
  at("language").textContent = say.other;
  for (const element of document.querySelectorAll("[data-say]")) element.textContent = say[element.dataset.say];
  if (!api) {
    at("content").replaceChildren(make("p", say.failed, { class: "bad" }));
    return;
  }
  const wanted = at("find").value.trim().toLowerCase();
  const groups = new Map(api.tags.map((tag) => [tag.name, []]));
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const text = `${method} ${path} ${operation.operationId} ${operation.summary}`.toLowerCase();
      if (text.includes(wanted)) groups.get(operation.tags[0]).push(block(method, path, operation, say));
    }
  }
  const shown = [...groups].filter(([, blocks]) => blocks.length);
  at("tags").replaceChildren(...shown.map(([tag]) => make("a", tag, { href: `#tag-${tag}` })));
  const content = shown.flatMap(([tag, blocks]) => [make("h2", tag, { id: `tag-${tag}` }), ...blocks]);
  at("content").replaceChildren(...(content.length ? content : [make("p", say.nothing)]));
}

at("find").addEventListener("input", show);
at("language").addEventListener("click", () => {
  language = language === "ru" ? "en" : "ru";
  show();
});

const answer = await fetch("/api/v1/openapi.json");
if (answer.ok) api = await answer.json();
show();
