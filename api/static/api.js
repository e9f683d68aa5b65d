// Puts Swagger UI in the place of the plain list of paths, which stays where scripts do not run.
"use strict";
addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("swagger");
  SwaggerUIBundle({
    domNode: place, url: new URL(place.dataset.document, location).href, validatorUrl: null,
    docExpansion: "list", tryItOutEnabled: true, deepLinking: true,
    onComplete: () => { document.getElementById("plain").hidden = true; },
  });
});
