"""From OpenAPI 3.0 and 3.1 down to the Swagger 2.0 that a connector keeps."""
