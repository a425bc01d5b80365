"""Out to other systems and in from them: Kafka, webhooks, the shapes that they may rely on."""
