//! The normal distribution turned around.
#![allow(clippy::excessive_precision, reason = "coefficients as published")]

/// The standard normal number that belongs to `unit` in [0, 1), by inversion: the rational approximations of
/// Wichura, "Algorithm AS 241: The Percentage Points of the Normal Distribution" (1988), good to 16 digits. Between
/// −8.3 and 8.3.
pub fn normal(unit: f64) -> f64 {
    // The middle of the step of 2⁻⁵³ that `unit` begins: never 0 or 1, at which the normal distribution has no end.
    let centred = unit - 0.5 + 0.5 / (1_u64 << 53) as f64;
    if centred.abs() <= 0.425 {
        return centred * ratio(&CENTRE, 0.180_625 - centred * centred);
    }
    let tail = libm::sqrt(-libm::log(0.5 - centred.abs()));
    let size = if tail <= 5.0 { ratio(&SHOULDER, tail - 1.6) } else { ratio(&TAIL, tail - 5.0) };
    if centred < 0.0 { -size } else { size }
}

/// Coefficients of a numerator and a denominator, the highest power first.
type Ratio = [[f64; 8]; 2];

fn ratio([above, below]: &Ratio, x: f64) -> f64 {
    let at =
        |coefficients: &[f64; 8]| coefficients.iter().fold(0.0, |sum, coefficient| sum * x + coefficient);
    at(above) / at(below)
}

const CENTRE: Ratio = [
    [
        2_509.080_928_730_122_672_7,
        33_430.575_583_588_128_105,
        67_265.770_927_008_700_853,
        45_921.953_931_549_871_457,
        13_731.693_765_509_461_125,
        1_971.590_950_306_551_442_7,
        133.141_667_891_784_377_45,
        3.387_132_872_796_366_608_0,
    ],
    [
        5_226.495_278_852_854_561_0,
        28_729.085_735_721_942_674,
        39_307.895_800_092_710_610,
        21_213.794_301_586_595_867,
        5_394.196_021_424_751_107_7,
        687.187_007_492_057_908_30,
        42.313_330_701_600_911_252,
        1.0,
    ],
];
const SHOULDER: Ratio = [
    [
        7.745_450_142_783_414_076_40e-4,
        2.272_384_498_926_918_458_33e-2,
        2.417_807_251_774_506_117_70e-1,
        1.270_458_252_452_368_382_58,
        3.647_848_324_763_204_605_04,
        5.769_497_221_460_691_405_50,
        4.630_337_846_156_545_295_90,
        1.423_437_110_749_683_577_34,
    ],
    [
        1.050_750_071_644_416_843_24e-9,
        5.475_938_084_995_344_946_00e-4,
        1.519_866_656_361_645_719_66e-2,
        1.481_039_764_274_800_745_90e-1,
        6.897_673_349_851_000_045_50e-1,
        1.676_384_830_183_803_849_40,
        2.053_191_626_637_758_821_87,
        1.0,
    ],
];
const TAIL: Ratio = [
    [
        2.010_334_399_292_288_132_65e-7,
        2.711_555_568_743_487_578_15e-5,
        1.242_660_947_388_078_438_60e-3,
        2.653_218_952_657_612_309_30e-2,
        2.965_605_718_285_048_912_30e-1,
        1.784_826_539_917_291_335_80,
        5.463_784_911_164_114_369_90,
        6.657_904_643_501_103_777_20,
    ],
    [
        2.044_263_103_389_939_785_64e-15,
        1.421_511_758_316_445_888_70e-7,
        1.846_318_317_510_054_681_80e-5,
        7.868_691_311_456_132_591_00e-4,
        1.487_536_129_085_061_485_25e-2,
        1.369_298_809_227_358_053_10e-1,
        5.998_322_065_558_879_376_90e-1,
        1.0,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_numbers_are_the_percentage_points_of_the_normal_distribution() {
        // Of the middle of the step of 2⁻⁵³ that begins there.
        let points = [
            (0.0, -8.292_361_075_813_595),
            (1.0 / (1_u64 << 33) as f64, -6.337_957_681_066_634),
            (0.001, -3.090_232_306_167_797),
            (0.07, -1.475_791_028_179_169_7),
            (0.3, -0.524_400_512_708_040_7),
            (0.6, 0.253_347_103_135_800_06),
            (0.95, 1.644_853_626_951_471_5),
            (0.999, 3.090_232_306_167_846_5),
            (1.0 - 0.5 * f64::EPSILON, 8.292_361_075_813_595),
        ];
        for (unit, exact) in points {
            assert!((normal(unit) - exact).abs() < 1e-12 * f64::abs(exact), "{} for {unit}", normal(unit));
        }
        assert!(normal(0.5).abs() < 1e-15);
    }
}
