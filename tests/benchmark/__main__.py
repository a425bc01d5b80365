"""All benchmarks, one after the other."""

from tests.benchmark import appends, figures, messaging, read_models
from tests.benchmark.report import QUICK

print("appends, beside the library's own recorder")
appends.main()
print("read models")
read_models.main(1000 if QUICK else 10_000)
print("figures")
figures.main(*figures.SIZES_ASKED)
print("Kafka, on the same processors")
messaging.main()
