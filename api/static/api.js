// Puts Swagger UI in the place of the plain list of paths, which stays where scripts do not run, in the language of the page.
"use strict";

// Swagger UI has no languages: these are its words that people meet.
const SPANISH = {
  "Parameters": "Parámetros", "No parameters": "Sin parámetros", "Name": "Nombre", "Description": "Descripción",
  "Responses": "Respuestas", "Server response": "Respuesta del servidor", "Code": "Código", "Links": "Enlaces",
  "No links": "Sin enlaces", "Details": "Detalle", "Response body": "Cuerpo de la respuesta", "Loading...": "Cargando…",
  "Response headers": "Cabeceras de la respuesta", "Request URL": "Dirección pedida", "Download": "Descargar",
  "Request body": "Cuerpo de la petición", "Request duration": "Duración", "Media type": "Formato", "Examples": "Ejemplos",
  "Example Value": "Valor de ejemplo", "Example:": "Ejemplo:", "Schema": "Esquema", "Schemas": "Esquemas",
  "Default value": "Valor por defecto", "Available values": "Valores posibles", "Try it out": "Probar", "Cancel": "Cancelar",
  "Execute": "Ejecutar", "Clear": "Limpiar", "Reset": "Restablecer", "Authorize": "Dar una clave", "Logout": "Olvidar la clave",
  "Close": "Cerrar", "Available authorizations": "Claves que se aceptan", "Value:": "Valor:", "Username:": "Nombre:",
  "Password:": "Contraseña:", "Expand all": "Abrir todo", "Collapse all": "Cerrar todo", "* required": "* obligatorio",
  "Undocumented": "No descrita",
};

// Swagger UI makes each path a link inside a button: here it is text, and the button alone opens it. The page has its own title.
const plainer = system => ({ wrapComponents: {
  DeepLink: (_, { React }) => ({ text }) => React.createElement("span", null, text),
  InfoContainer: () => () => null,
}, components: { JsonSchema_string_iri: props => system.React.createElement(system.getComponent("JsonSchema_string"), props) } });

function summed_up(described, plain) {
  // The plain list says in the language of the page what each path does, and stands for the same operations.
  for (const term of plain.querySelectorAll("dt")) {
    const [method, path] = term.textContent.trim().split(" ");
    const operation = described.paths[path]?.[method.toLowerCase()];
    if (operation) operation.summary = term.nextElementSibling.textContent.trim();
  }
  delete described.servers;  // it is this one, and a list of one to choose from has no name
  return described;
}

function in_spanish(node) {
  const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const said = SPANISH[text.nodeValue.trim()];
    if (said && !text.parentElement.closest("pre, code, textarea")) text.nodeValue = said;
  }
}

addEventListener("DOMContentLoaded", async () => {
  const place = document.getElementById("swagger"), plain = document.getElementById("plain");
  const described = await (await fetch(place.dataset.document)).json();
  new MutationObserver(() => {
    for (const one of place.querySelectorAll("pre:not([tabindex])")) one.tabIndex = 0;  // it scrolls, so the keyboard must reach it
    if (document.documentElement.lang === "es") in_spanish(place);
  }).observe(place, { childList: true, subtree: true });
  SwaggerUIBundle({
    domNode: place, spec: summed_up(described, plain), plugins: [plainer], validatorUrl: null,
    docExpansion: "list", tryItOutEnabled: true, deepLinking: true,
    onComplete: () => { plain.hidden = true; },
  });
});
