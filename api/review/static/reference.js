// Opens Swagger UI over the service's own schema.
const place = document.getElementById("reference");
window.SwaggerUIBundle({ domNode: place, url: place.dataset.schema, deepLinking: true, tryItOutEnabled: true, validatorUrl: null });
