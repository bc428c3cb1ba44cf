/** The vocabulary of Brocker and its wire format: records, validation, JSON. */
@org.jspecify.annotations.NullMarked
module brocker.spec {
    requires static org.jspecify;
    requires transitive tools.jackson.databind;

    exports brocker.spec;
    exports brocker.spec.json;
    exports brocker.spec.wire;

    opens brocker.spec to
            tools.jackson.databind;
    opens brocker.spec.wire to
            tools.jackson.databind;
}
