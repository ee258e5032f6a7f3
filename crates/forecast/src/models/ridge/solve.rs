//! Small symmetric positive semi-definite systems.

/// The solution of `A x = b` for a symmetric, row-major `A`: by Cholesky where `A` is well conditioned, otherwise
/// the solution of smallest norm from the eigenvalues.
pub(super) fn symmetric(a: &[f64], b: &[f64]) -> Vec<f64> {
    cholesky(a, b).unwrap_or_else(|| minimum_norm(a, b))
}

/// A pivot this much smaller than the largest diagonal element means that the columns depend on each other.
const SINGULAR: f64 = 1e-11;

/// The solution of `A x = b` for a positive definite `A`; `None` if it is not well conditioned.
#[expect(clippy::many_single_char_names, reason = "the names of linear algebra")]
pub(in crate::models) fn cholesky(a: &[f64], b: &[f64]) -> Option<Vec<f64>> {
    let n = b.len();
    let largest = (0..n).map(|i| a[i * n + i]).fold(0.0, f64::max);
    let mut l = vec![0.0_f64; n * n];
    for i in 0..n {
        for j in 0..=i {
            let sum = (0..j).fold(a[i * n + j], |sum, k| (-l[i * n + k]).mul_add(l[j * n + k], sum));
            if i != j {
                l[i * n + j] = sum / l[j * n + j];
            } else if sum > SINGULAR * largest {
                l[i * n + i] = sum.sqrt();
            } else {
                return None;
            }
        }
    }
    let mut x = b.to_vec();
    for i in 0..n {
        x[i] = (0..i).fold(x[i], |sum, k| (-l[i * n + k]).mul_add(x[k], sum)) / l[i * n + i];
    }
    for i in (0..n).rev() {
        x[i] = (i + 1..n).fold(x[i], |sum, k| (-l[k * n + i]).mul_add(x[k], sum)) / l[i * n + i];
    }
    Some(x)
}

/// `x = Σ vᵢ (vᵢᵀb) / λᵢ` over the eigenvalues that are not zero.
fn minimum_norm(a: &[f64], b: &[f64]) -> Vec<f64> {
    let n = b.len();
    let (values, vectors) = jacobi(a.to_vec(), n);
    let largest = values.iter().copied().fold(0.0, f64::max);
    let mut x = vec![0.0_f64; n];
    for (k, &value) in values.iter().enumerate() {
        if value > SINGULAR * largest {
            let along = (0..n).fold(0.0, |sum, i| vectors[i * n + k].mul_add(b[i], sum)) / value;
            (0..n).for_each(|i| x[i] = vectors[i * n + k].mul_add(along, x[i]));
        }
    }
    x
}

/// Eigenvalues and eigenvectors (columns) of a symmetric matrix by cyclic Jacobi rotations (Golub & Van Loan,
/// *Matrix Computations*, 8.5).
fn jacobi(mut a: Vec<f64>, n: usize) -> (Vec<f64>, Vec<f64>) {
    const SWEEPS: usize = 60;
    let mut v = vec![0.0_f64; n * n];
    (0..n).for_each(|i| v[i * n + i] = 1.0);
    for _ in 0..SWEEPS {
        let mut rotated = false;
        for p in 0..n {
            for q in p + 1..n {
                rotated |= rotate(&mut a, &mut v, n, (p, q));
            }
        }
        if !rotated {
            break;
        }
    }
    ((0..n).map(|i| a[i * n + i]).collect(), v)
}

/// One rotation that zeroes `a[p][q]`; false if it is negligible already.
#[expect(clippy::many_single_char_names, reason = "the names of the algorithm's source")]
fn rotate(a: &mut [f64], v: &mut [f64], n: usize, (p, q): (usize, usize)) -> bool {
    let off = a[p * n + q];
    let size = (a[p * n + p] * a[q * n + q]).abs().sqrt();
    if off.abs() <= f64::EPSILON * size || off == 0.0 {
        return false;
    }
    let theta = (a[q * n + q] - a[p * n + p]) / (2.0 * off);
    let t = theta.signum() / (theta.abs() + theta.hypot(1.0));
    let c = 1.0 / t.hypot(1.0);
    let s = t * c;
    let turn = |x: f64, y: f64| (c.mul_add(x, -(s * y)), s.mul_add(x, c * y));
    for k in 0..n {
        (a[k * n + p], a[k * n + q]) = turn(a[k * n + p], a[k * n + q]);
    }
    for k in 0..n {
        (a[p * n + k], a[q * n + k]) = turn(a[p * n + k], a[q * n + k]);
    }
    for k in 0..n {
        (v[k * n + p], v[k * n + q]) = turn(v[k * n + p], v[k * n + q]);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regular_system_is_solved() {
        let x = symmetric(&[4.0, 1.0, 1.0, 3.0], &[1.0, 2.0]);
        assert!((x[0] - 1.0 / 11.0).abs() < 1e-14 && (x[1] - 7.0 / 11.0).abs() < 1e-14, "{x:?}");
    }

    #[test]
    fn a_singular_system_has_the_smallest_solution() {
        let x = symmetric(&[1.0, 1.0, 1.0, 1.0], &[2.0, 2.0]);
        assert!((x[0] - 1.0).abs() < 1e-12 && (x[1] - 1.0).abs() < 1e-12, "{x:?}");
        assert_eq!(symmetric(&[0.0], &[0.0]), [0.0]);
    }
}
