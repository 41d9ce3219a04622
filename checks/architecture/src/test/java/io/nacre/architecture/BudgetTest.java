package io.nacre.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What one person can hold in mind. */
class BudgetTest {
    private static final int FILE = 600;
    private static final int FILE_AIM = 400;
    private static final double SHARE_ABOVE_AIM = 0.05;
    private static final int METHOD = 70;
    private static final int CONSTRUCTOR_PARAMETERS = 8;
    private static final int DRIVER_METHODS = 12;
    private static final Pattern VAGUE = Pattern.compile(".*(Manager|Helper|Util|Utils|Impl|Common)");

    private static Sources sources;

    @BeforeAll
    static void parse() throws IOException {
        sources = Sources.parse();
    }

    @Test
    void noFileIsLongerThanItsHardLimitAndFewAreLongerThanTheAim() {
        var lengths = Sources.product().stream()
                .map(file -> new Object[] {file, Sources.text(file).lines().count()})
                .toList();
        assertThat(lengths)
                .filteredOn(one -> (long) one[1] > FILE)
                .as("files over %d lines", FILE)
                .isEmpty();
        long above = lengths.stream().filter(one -> (long) one[1] > FILE_AIM).count();
        assertThat(above).as("files over %d lines", FILE_AIM).isLessThanOrEqualTo((long)
                (lengths.size() * SHARE_ABOVE_AIM));
    }

    @Test
    void noMethodIsLongerThanAScreen() {
        assertThat(sources.methods())
                .filteredOn(method -> method.lines() > METHOD)
                .isEmpty();
    }

    @Test
    void noConstructorTakesMoreThanEight() {
        assertThat(sources.methods())
                .filteredOn(method -> method.constructor() && method.parameters() > CONSTRUCTOR_PARAMETERS)
                .isEmpty();
    }

    @Test
    void noDriverInterfaceIsFat() {
        assertThat(sources.types())
                .filteredOn(type -> type.isInterface() && type.name().endsWith("Driver"))
                .isNotEmpty()
                .allSatisfy(type ->
                        assertThat(type.abstractMethods()).as(type.where()).isLessThanOrEqualTo(DRIVER_METHODS));
    }

    @Test
    void namesSayWhatAThingIs() {
        List<Sources.Type> vague = sources.types().stream()
                .filter(type -> VAGUE.matcher(type.name()).matches())
                .toList();
        assertThat(vague).isEmpty();
    }
}
